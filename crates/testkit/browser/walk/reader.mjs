// Somebody who only reads, and somebody who types the wrong thing: nothing of theirs is kept.

import { press } from "./person.mjs";

const CLAUSES = 21;
const FORMS = ["consultation", "booking", "order", "registration"];

export async function reader(browser, language) {
  const { problems } = browser;
  const page = await browser.visitor();
  const at = (path) => `/${language}${path}`;
  await browser.open(page, at("/"));
  await browser.look(page, language, "home");
  await browser.open(page, at("/policy"));
  await browser.look(page, language, "policy");
  const anchors = await page.evaluate(() => [...document.querySelectorAll("[id^='c-']")].map((one) => one.id));
  for (let clause = 1; clause <= CLAUSES; clause += 1) {
    problems.check(anchors.includes(`c-${clause}`), `${language}-policy`, `clause ${clause} has no anchor of its own`);
  }
  for (const [path, name] of [
    ["/policy/versions", "versions"],
    ["/partners", "partners"],
    ["/receipts/verify", "verify"],
    ["/evidence", "evidence"],
    ["/cookies", "cookies"],
    ["/comments", "comments"],
    ["/account/sign-in", "sign-in"],
    ["/refused", "refused"],
  ]) {
    await browser.open(page, at(path));
    await browser.look(page, language, name);
  }
  await browser.open(page, at("/nothing-here"), 404);
  await browser.look(page, language, "not-found");
  await verifyNothing(browser, page, language);
  const cookies = await page.context().cookies();
  problems.check(cookies.length === 0, language, `a reader got cookies: ${cookies.map((one) => one.name)}`);
  await page.context().close();
}

async function verifyNothing(browser, page, language) {
  await browser.open(page, `/${language}/receipts/verify`);
  await page.fill("#text", "this is no receipt");
  await press(page, page.locator("main form button[type=submit]").first());
  await browser.look(page, language, "verify-wrong");
}

/** Every form, first as shown, then with everything wrong. */
export async function forms(browser, language) {
  const { problems } = browser;
  const page = await browser.visitor();
  for (const form of FORMS) {
    await browser.open(page, `/${language}/f/${form}`);
    const facts = await browser.look(page, language, `form-${form}`);
    problems.check(facts.ticked.length === 0, `${language}-form-${form}`, `ticked for the person: ${facts.ticked}`);
    const order = await page.evaluate(() => {
      const consent = document.querySelector("#consent");
      const button = document.querySelector("main form button[type=submit]");
      return Boolean(consent && button && consent.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
    });
    problems.check(order, `${language}-form-${form}`, "the consent text does not stand before the button");
    await page.evaluate(() => document.querySelector("main form").setAttribute("novalidate", ""));
    await press(page, page.locator("main form button[type=submit]").first());
    await browser.look(page, language, `form-${form}-wrong`);
    const summary = await page.evaluate(() => {
      const links = [...document.querySelectorAll(".summary[role=alert] a")];
      return links.map((link) => [link.getAttribute("href"), Boolean(document.querySelector(link.getAttribute("href")))]);
    });
    problems.check(summary.length > 0, `${language}-form-${form}-wrong`, "no summary of what is wrong");
    for (const [href, found] of summary) {
      problems.check(found, `${language}-form-${form}-wrong`, `the summary links to ${href}, which is not there`);
    }
  }
  await page.context().close();
}
