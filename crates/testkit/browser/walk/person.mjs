// A person: form, receipt, sign-in, data, withdrawal, export, erasure.

export const PEOPLE = {
  ru: { surname: "Ахметова", given_name: "Алия", phone: "+7 701 555 10 01", email: "aliya.ru@example.kz" },
  kk: { surname: "Әбдіғалиқызы", given_name: "Құндыз", phone: "+7 701 555 10 02", email: "qundyz.kk@example.kz" },
  en: { surname: "Smith", given_name: "Alice", phone: "+7 701 555 10 03", email: "alice.en@example.kz" },
};

/** Fills a form of the site and presses its button. */
export async function submit(page, language, form, values, optional = []) {
  await page.senim.open(page, `/${language}/f/${form}`);
  for (const [name, value] of Object.entries(values)) await page.fill(`[name="${name}"]`, value);
  for (const box of await page.locator('[name="purposes"]').all()) await box.check();
  for (const purpose of optional) await page.check(`[name="optional"][value="${purpose}"]`);
  await page.check('[name="adult"]');
  await press(page, page.locator('main form:has([name="notice_version"]) button[type=submit]'));
}

/** Presses what leads to another page. */
export async function press(page, what) {
  await Promise.all([page.waitForEvent("domcontentloaded"), what.click()]);
}

export async function signInByCode(page, language, email, desk) {
  await page.senim.open(page, `/${language}/account/sign-in`);
  await page.fill("#email", email);
  await press(page, page.locator('form[action$="/sign-in/code"] button[type=submit]').first());
  const code = await desk.codeFor(email);
  await page.fill("#code", code);
  await press(page, page.locator('form[action$="/sign-in/email"] button[type=submit]'));
}

export async function signInBySecret(page, language, secret) {
  await page.senim.open(page, `/${language}/account/sign-in`);
  await page.fill("#secret", secret);
  await press(page, page.locator('form[action$="/sign-in/secret"] button[type=submit]'));
}

/** The secret printed on the receipt that the page shows. */
export async function secretOn(page) {
  return (await page.locator("#receipt-secret").textContent()).replace(/\s/g, "");
}

export async function person(browser, language, desk) {
  const { problems } = browser;
  const values = PEOPLE[language];
  const at = (path) => `/${language}${path}`;
  const page = await browser.visitor({ acceptDownloads: true });

  await submit(page, language, "consultation", values, ["p8-5"]);
  const facts = await browser.look(page, language, "done");
  problems.check(/\d/.test(facts.text), `${language}-done`, "no reference number");
  const receipt = await browser.download(page, () => page.click('form[action$="/receipts/download"] button'));
  const secret = await secretOn(page);
  // By the number alone, before anybody signs in; nothing of the person stands there.
  await browser.open(page, await page.locator('main a[href*="/requests/"]').first().getAttribute("href"));
  const standing = await browser.look(page, language, "status");
  for (const value of [values.given_name, values.surname, values.email]) {
    problems.check(!standing.text.includes(value), `${language}-status`, "the page of a number shows a value");
  }
  await browser.open(page, at("/requests/0000-0000"), 404);
  await browser.look(page, language, "status-unknown");
  await verify(browser, language, receipt, true, "verify-valid");
  await verify(browser, language, receipt.replace(/([0-9a-f])(?=[0-9a-f]{6})/, (digit) => (digit === "0" ? "1" : "0")), false, "verify-invalid");

  await signInByCode(page, language, values.email, desk);
  problems.check(page.url().endsWith(at("/account")), `${language}-account`, `signing in by code led to ${page.url()}`);
  const data = await browser.look(page, language, "account");
  for (const value of [values.given_name, values.surname, values.email]) {
    problems.check(data.text.includes(value), `${language}-account`, "a value that was given is not shown");
  }
  await browser.print(page, language, "account", [values.given_name, values.surname, values.email, values.phone.replace(/ /g, ""), values.phone]);

  await edit(browser, page, language);
  await remove(browser, page, language);

  await browser.open(page, at("/account/consents"));
  await browser.look(page, language, "consents");
  await press(page, page.locator('main a[href*="/withdraw?purpose=p8-5"]').first());
  await browser.look(page, language, "withdraw");
  await press(page, page.locator('form[action*="/withdraw"] button[type=submit]'));
  await browser.look(page, language, "withdrawn");
  problems.check((await page.locator('main a[href*="/withdraw?purpose=p8-5"]').count()) === 0, `${language}-withdrawn`, "the withdrawn purpose can still be withdrawn");
  problems.check((await page.locator('main a[href*="/withdraw?purpose=p8-2"]').count()) > 0, `${language}-withdrawn`, "another purpose went with the withdrawn one");

  await browser.open(page, at("/account/history"));
  await browser.look(page, language, "history");
  problems.check((await page.locator("#history tbody tr").count()) > 3, `${language}-history`, "hardly any line in the history");

  await browser.open(page, at("/account/requests"));
  await browser.look(page, language, "requests");
  await browser.open(page, at("/account/sessions"));
  await browser.look(page, language, "sessions");
  await browser.open(page, at("/account/restrict"));
  await browser.look(page, language, "restrict");

  await browser.open(page, at("/account/export"));
  await browser.look(page, language, "export");
  const exported = await browser.download(page, () => page.click('form[action$="/account/export"] button'));
  problems.check(exported.includes(values.email), `${language}-export`, "the export lacks a value");
  await verify(browser, language, exported, true, "verify-export");

  // The other way in: the secret printed on the receipt.
  const other = await browser.visitor();
  await signInBySecret(other, language, secret);
  problems.check(other.url().endsWith(at("/account")), `${language}-account`, `signing in by the receipt's secret led to ${other.url()}`);

  await browser.open(page, at("/account/erase"));
  await browser.look(page, language, "erase");
  await page.fill("#word", "?");
  await press(page, page.locator('form[action$="/account/erase"] button.harm'));
  await browser.look(page, language, "erase-wrong");
  const label = await page.locator('label[for="word"]').innerText();
  const word = label.trim().split(/\s+/).pop();
  await page.fill("#word", word);
  await press(page, page.locator('form[action$="/account/erase"] button.harm'));
  await browser.look(page, language, "erased");
  const destruction = await browser.download(page, () => page.click('form[action$="/receipts/download"] button'));
  await verify(browser, language, destruction, true, "verify-destruction");

  // Nobody is signed in any more, by whichever way.
  for (const visitor of [page, other]) {
    await visitor.goto(browser.settings.base + at("/account"));
    problems.check(visitor.url().endsWith("/account/sign-in"), `${language}-erased`, "a session outlived the erasure");
  }
  await signInBySecret(other, language, secret);
  problems.check(!other.url().endsWith("/account"), `${language}-erased`, "the secret opens an erased account");
  await other.context().close();
  await page.context().close();
}

async function edit(browser, page, language) {
  const { problems } = browser;
  await press(page, page.locator('#values a[href*="/account/data/"]:not([href$="/delete"])').first());
  await browser.look(page, language, "edit");
  await page.fill("#value", "12345");
  await press(page, page.locator('form[action*="/account/data/"] button[type=submit]'));
  const wrong = (await page.locator("#value-error").count()) > 0;
  if (wrong) await browser.look(page, language, "edit-wrong");
  await page.fill("#value", { ru: "Ахметова-Сейтова", kk: "Әбдіғалиева", en: "Smith-Jones" }[language]);
  await press(page, page.locator('form[action*="/account/data/"] button[type=submit]'));
  await browser.look(page, language, "edited");
  problems.check(page.url().includes("/account?done="), `${language}-edited`, `the change led to ${page.url()}`);
  problems.check(wrong, `${language}-edit`, "digits were taken for a name");
}

async function remove(browser, page, language) {
  const { problems } = browser;
  const before = await page.locator("#values tbody tr").count();
  await press(page, page.locator('#values tr:first-child a[href$="/delete"]'));
  await browser.look(page, language, "delete");
  await press(page, page.locator('form[action$="/delete"] button.harm'));
  const after = await page.locator("#values tbody tr").count();
  problems.check(after === before - 1, `${language}-deleted`, `${before} values before, ${after} after one was deleted`);
}

async function verify(browser, language, text, valid, name) {
  const page = await browser.visitor();
  await browser.open(page, `/${language}/receipts/verify`);
  await page.setInputFiles("#file", { name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await press(page, page.locator('form[action$="/receipts/verify"] button[type=submit]'));
  await browser.look(page, language, name);
  const confirmed = (await page.locator("main .done").count()) > 0;
  browser.problems.check(confirmed === valid, `${language}-${name}`, valid ? "does not verify" : "verifies after a change");
  await page.context().close();
}
