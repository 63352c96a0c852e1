// An operator: set-up by the one-time link, sign-in, enquiries, data for a purpose, a refusal, every other place.
import { step, totp } from "../lib/totp.mjs";
import { press, submit } from "./person.mjs";

const LOGIN = "aigerim";
const PASSWORD = "steppe-apple-tulip-1465";
const GUESTS = {
  ru: { given_name: "Данияр", phone: "+7 702 555 20 01", email: "guest.ru@example.kz" },
  kk: { given_name: "Ерғали", phone: "+7 702 555 20 02", email: "guest.kk@example.kz" },
  en: { given_name: "Nora", phone: "+7 702 555 20 03", email: "guest.en@example.kz" },
};

export class Operator {
  /** Uses the link, looking at each step; the link works once. */
  static async setUp(browser, link) {
    const operator = new Operator();
    const page = await browser.visitor();
    Object.assign(operator, { browser, page });
    await page.goto(link);
    await browser.look(page, "ru", "console-set-up");
    const fill = async (again) => {
      await page.fill("#login", LOGIN);
      await page.fill("#password", PASSWORD);
      await page.fill("#again", again);
      await press(page, page.locator('form[action*="/console/set-up/"] button[type=submit]'));
    };
    await fill("something else");
    await browser.look(page, "ru", "console-set-up-wrong");
    await fill(PASSWORD);
    await browser.look(page, "ru", "console-second-step");
    operator.secret = (await page.locator("#totp-key").textContent()).replace(/\s/g, "");
    const confirm = async (code) => {
      await page.fill("#code", code);
      await press(page, page.locator('form[action$="/confirm"] button[type=submit]'));
    };
    await confirm("000000");
    await browser.look(page, "ru", "console-second-step-wrong");
    // A code counts once: the one before now for the set-up, the one of now for the first sign-in.
    await confirm(totp(operator.secret, step() - 1));
    await browser.look(page, "ru", "console-set-up-done");
    await operator.signIn("ru");
    const again = await browser.visitor();
    const response = await again.goto(link);
    browser.problems.check(!(await again.locator("#password + *, #again").count()), "console", `the set-up link works twice (${response.status()})`);
    await again.context().close();
    return operator;
  }

  async signIn(language) {
    const { browser, page } = this;
    await browser.open(page, `/${language}/console/sign-in`);
    await this.fill(page, PASSWORD, totp(this.secret));
    browser.problems.check(page.url().endsWith(`/${language}/console`), "console", `signing in led to ${page.url()}`);
  }

  async fill(page, password, code) {
    await page.fill("#login", LOGIN);
    await page.fill("#password", password);
    await page.fill("#code", code);
    await press(page, page.locator('form[action$="/console/sign-in"] button[type=submit]'));
  }

  /** The door in one language, and the operator behind it at a desk of his own in the same session. */
  async desk(language) {
    const { browser } = this;
    const stranger = await browser.visitor();
    await browser.open(stranger, `/${language}/console/enquiries`);
    browser.problems.check(stranger.url().endsWith("/console/sign-in"), `${language}-console`, "a stranger is not led to the door");
    await browser.look(stranger, language, "console-sign-in");
    await this.fill(stranger, "wrong password here", "123456");
    await browser.look(stranger, language, "console-sign-in-wrong");
    await stranger.context().close();
    const storageState = await this.page.context().storageState();
    return Object.assign(new Operator(), this, { page: await browser.visitor({ storageState }) });
  }

  async signOut(language) {
    const { browser, page } = this;
    await browser.open(page, `/${language}/console`);
    await press(page, page.locator('form[action$="/console/sign-out"] button'));
    await page.goto(`${browser.settings.base}/${language}/console/enquiries`);
    browser.problems.check(page.url().endsWith("/console/sign-in"), "console", "signed out and still in");
  }

  /** The code in the newest letter to this address, read from the page of waiting letters. */
  async codeFor(email) {
    const { browser, page } = this;
    await browser.open(page, "/ru/console/mail");
    await press(page, page.locator('form[action$="/console/mail"] button[type=submit]'));
    const letters = await page.locator("main section:has(pre)").all();
    for (const letter of letters) {
      if (!(await letter.innerText()).includes(email)) continue;
      const code = (await letter.locator("pre").innerText()).match(/(?<!\d)\d{6,8}(?!\d)/);
      if (code) return code[0];
    }
    throw new Error(`no letter with a code for ${email} among ${letters.length}`);
  }

  /** Everything the console has, in one language. */
  async walk(language) {
    const { browser, page } = this;
    const { problems } = browser;
    const at = (path) => `/${language}/console${path}`;
    const guest = GUESTS[language];
    const visitor = await browser.visitor();
    await submit(visitor, language, "consultation", guest);

    await browser.open(page, at(""));
    await browser.look(page, language, "console");
    await browser.open(page, at("/enquiries"));
    await browser.look(page, language, "console-enquiries");
    const listed = await page.evaluate(() => document.body.innerText);
    problems.check(!listed.includes(guest.given_name), `${language}-console-enquiries`, "the list shows a value");
    await press(page, page.locator('main a[href*="/console/enquiries/enq_"]').first());
    await browser.look(page, language, "console-enquiry");

    await browser.open(page, at("/people"));
    await browser.look(page, language, "console-people");
    await page.fill("#contact", guest.phone);
    await press(page, page.locator('form[action$="/console/people"] button[type=submit]'));
    await browser.look(page, language, "console-found");
    problems.check((await page.locator("#found tbody tr").count()) === 1, `${language}-console-found`, "the person was not found by phone");
    await press(page, page.locator("#found a").first());
    await browser.look(page, language, "console-choose");
    const open = async (purpose) => {
      await page.selectOption("#purpose", purpose);
      await press(page, page.locator('form[action*="/console/people/sub_"] button[type=submit]'));
    };
    await open("service:p8-2");
    const opened = await browser.look(page, language, "console-data");
    problems.check(opened.text.includes(guest.given_name), `${language}-console-data`, "a value of the purpose is not shown");
    await browser.print(page, language, "console-data", [guest.given_name, guest.phone.replace(/ /g, "")]);
    await open("marketing:p8-8");
    const refused = await browser.look(page, language, "console-refused");
    problems.check(/consent-missing/.test(refused.text), `${language}-console-refused`, "the refusal names no code");
    problems.check((await page.locator('main a[href*="/policy#c-"]').count()) > 0, `${language}-console-refused`, "the refusal names no clause");
    problems.check(!refused.text.includes(guest.given_name), `${language}-console-refused`, "the refusal shows a value");

    for (const place of ["requests", "mail", "evidence", "log", "notices", "keys", "operators"]) {
      await browser.open(page, at(`/${place}`));
      await browser.look(page, language, `console-${place}`);
    }
    await visitor.senim.open(visitor, `/${language}/account/sign-in`);
    await visitor.fill("#email", guest.email);
    await press(visitor, visitor.locator('form[action$="/sign-in/code"] button[type=submit]').first());
    await visitor.context().close();
    await browser.open(page, at("/mail"));
    await press(page, page.locator('form[action$="/console/mail"] button[type=submit]'));
    const letters = await browser.look(page, language, "console-letters");
    problems.check(letters.text.includes(guest.email), `${language}-console-letters`, "the waiting letter is not shown");
    await browser.print(page, language, "console-letters", [guest.email]);
    await page.context().close();
  }
}
