// The same path with scripts turned off.
import { press, secretOn, signInBySecret, submit } from "./person.mjs";

export async function withoutScript(browser, language) {
  const { problems } = browser;
  const where = `${language}-plain`;
  const page = await browser.visitor({ javaScriptEnabled: false, acceptDownloads: true });
  await submit(page, language, "consultation", { given_name: "Асқар", phone: "+7 701 555 10 08" });
  const secret = await secretOn(page);
  await browser.screenshot(page, `${language}-light-1280-plain-done`);
  const receipt = await browser.download(page, () => page.click('form[action$="/receipts/download"] button'));
  problems.check(receipt.length > 100, where, "no receipt without scripts");
  await signInBySecret(page, language, secret);
  problems.check(page.url().endsWith("/account"), where, `signing in led to ${page.url()}`);
  await browser.open(page, `/${language}/account/consents`);
  await press(page, page.locator('main a[href*="/withdraw"]').first());
  await press(page, page.locator('form[action*="/withdraw"] button[type=submit]'));
  problems.check(page.url().includes("?done="), where, `the withdrawal led to ${page.url()}`);
  await press(page, page.locator('form[action$="/account/sign-out"] button'));
  await page.goto(`${browser.settings.base}/${language}/account`);
  problems.check(page.url().endsWith("/account/sign-in"), where, "signed out and still in");
  await page.context().close();
}
