// The form with the keyboard alone: focus is always seen, goes in reading order, and reaches the button.

const STOPS_MAX = 80;

export async function keyboard(browser, language) {
  const { problems } = browser;
  const page = await browser.visitor();
  const where = `${language}-keyboard`;
  await browser.open(page, `/${language}/f/consultation`);
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement.getAttribute("href") === "#main");
  problems.check(skip, where, "the first stop is not the skip link");
  await page.keyboard.press("Enter");
  const typed = { given_name: "Алия", phone: "+7 701 555 10 09" };
  let pressed = false;
  let lowest = 0;
  for (let stop = 0; stop < STOPS_MAX && !pressed; stop += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const one = document.activeElement;
      const box = one.getBoundingClientRect();
      const look = getComputedStyle(one);
      const middle = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
      return {
        what: `${one.tagName.toLowerCase()} ${one.name || one.getAttribute("href") || ""}`,
        name: one.name || "",
        type: one.type || "",
        primary: one.matches("main form button.button:not(.second):not(.plain)"),
        outlined: (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none",
        seen: box.bottom > 0 && box.top < innerHeight && Boolean(middle && (one.contains(middle) || middle.contains(one))),
        top: box.top + scrollY,
        inMain: Boolean(one.closest("main")),
      };
    });
    problems.check(here.outlined, where, `focus cannot be seen on ${here.what}`);
    problems.check(here.seen, where, `focus is covered on ${here.what}`);
    problems.check(here.inMain, where, `left the main part at ${here.what} before the button`);
    problems.check(here.top >= lowest - 60, where, `focus jumps up at ${here.what}`);
    lowest = Math.max(lowest, here.top);
    if (typed[here.name]) await page.keyboard.type(typed[here.name]);
    if (here.name === "purposes" || here.name === "adult") await page.keyboard.press("Space");
    if (here.primary) {
      await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Enter")]);
      pressed = true;
    }
    if (!here.inMain) break;
  }
  problems.check(pressed, where, "the button was not reached");
  problems.check((await page.locator('form[action$="/receipts/download"]').count()) > 0, where, "the form could not be sent by keyboard");
  await page.context().close();
}
