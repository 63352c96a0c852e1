// The browser, and what every page must keep: accessibility in both themes, reflow, headers, no foreign request.
import fs from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };

export class Browser {
  looked = 0;
  shot = 0;

  static async launch(settings, problems) {
    const browser = new Browser();
    Object.assign(browser, { settings, problems, host: new URL(settings.base).host });
    browser.chromium = await chromium.launch({
      executablePath: settings.chromium,
      args: [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ],
    });
    return browser;
  }

  async close() {
    await this.chromium.close();
  }

  /** A visitor of his own: no cookie, everything he meets is watched. */
  async visitor(options = {}) {
    const context = await this.chromium.newContext({ viewport: WIDE, locale: "ru-KZ", ...options });
    context.setDefaultTimeout(30_000);
    return this.watch(await context.newPage());
  }

  /** Everything this page meets is watched. */
  watch(page) {
    const where = () => page.url().replace(this.settings.base, "");
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:", "about:"].includes(url.protocol) && url.host !== this.host) {
        this.problems.add(where(), `asked a third party: ${url.origin}`);
      }
    });
    page.on("response", (response) => {
      if (response.request().resourceType() !== "document" || response.status() >= 300) return;
      const headers = response.headers();
      this.problems.check(headers["content-security-policy"]?.includes("default-src 'none'"), where(), "no strict content security policy");
      this.problems.check(headers["x-content-type-options"] === "nosniff", where(), "no nosniff");
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText || "";
      // A download is no page: the browser gives the navigation up.
      if (!why.includes("ERR_ABORTED")) this.problems.add(where(), `request failed: ${why}`);
    });
    page.on("pageerror", (fault) => this.problems.add(where(), `script failed: ${fault.message}`));
    page.on("console", (message) => {
      if (page.auditing || !["error", "warning"].includes(message.type())) return;
      // An answer such as 422 to a wrong form is expected; the page itself is looked at.
      if (/server responded with a status of 4\d\d/.test(message.text())) return;
      this.problems.add(where(), `console: ${message.text()}`);
    });
    page.senim = this;
    return page;
  }

  /** Opens an address of the site; the status must be the expected one. */
  async open(page, path, status = 200) {
    const response = await page.goto(this.settings.base + path);
    this.problems.check(response.status() === status, path, `status ${response.status()}, not ${status}`);
    return response;
  }

  /** Looks at the page as it stands: language, words, axe in both themes, reflow; keeps screenshots. */
  async look(page, language, name) {
    this.looked += 1;
    const where = `${language}-${name}`;
    const facts = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      headings: document.querySelectorAll("h1").length,
      text: document.body.innerText,
      labels: [...document.querySelectorAll("input, select, textarea")]
        .filter((field) => field.type !== "hidden" && !field.labels?.length && !field.getAttribute("aria-label"))
        .map((field) => field.outerHTML.slice(0, 80)),
      ticked: [...document.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value),
    }));
    this.problems.check(facts.lang === language, where, `the page says its language is "${facts.lang}"`);
    this.problems.check(facts.title.trim() !== "", where, "no title");
    this.problems.check(facts.headings === 1, where, `${facts.headings} headings of the first level`);
    const missing = facts.text.match(/⟦[^⟧]*⟧/g);
    this.problems.check(!missing, where, `words are missing: ${missing}`);
    for (const field of facts.labels) this.problems.add(where, `a field without a label: ${field}`);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    // The themes differ in colours alone.
    await this.axe(page, `${where}-dark`, { type: "rule", values: ["color-contrast"] });
    await this.screenshot(page, `${language}-dark-${WIDE.width}-${name}`);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await this.axe(page, `${where}-light`, { type: "tag", values: RULES });
    await this.screenshot(page, `${language}-light-${WIDE.width}-${name}`);
    await page.setViewportSize(NARROW);
    await this.reflow(page, where);
    await this.screenshot(page, `${language}-light-${NARROW.width}-${name}`);
    await page.setViewportSize(WIDE);
    return facts;
  }

  async axe(page, where, rules) {
    const session = await page.context().newCDPSession(page);
    page.auditing = true;
    try {
      // A world of its own: neither the page's policy nor its scripts are in the way.
      const tree = await session.send("Page.getFrameTree");
      const world = await session.send("Page.createIsolatedWorld", { frameId: tree.frameTree.frame.id, worldName: "axe" });
      const contextId = world.executionContextId;
      await session.send("Runtime.evaluate", { contextId, expression: axe });
      const answer = await session.send("Runtime.evaluate", {
        contextId,
        awaitPromise: true,
        returnByValue: true,
        expression: `axe.run(document, { runOnly: ${JSON.stringify(rules)}, preload: false }).then((found) =>
          found.violations.map((one) => ({ id: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map((node) =>
            node.html.slice(0, 140) + " | " + (node.any[0]?.message || node.all[0]?.message || "")) })))`,
      });
      if (answer.exceptionDetails) {
        this.problems.add(where, `axe could not run: ${answer.exceptionDetails.exception?.description || answer.exceptionDetails.text}`);
        return;
      }
      for (const one of answer.result.value) this.problems.add(where, `${one.id}: ${one.help}\n    ${one.nodes.join("\n    ")}`);
    } finally {
      page.auditing = false;
      await session.detach();
    }
  }

  /** At 320 px nothing needs sideways scrolling, but a table may scroll in itself. */
  async reflow(page, where) {
    const over = await page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return null;
      const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1);
      return `${document.documentElement.scrollWidth} px: ${wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 90)).join(" … ")}`;
    });
    this.problems.check(!over, `${where}-320`, `scrolls sideways, ${over}`);
  }

  async screenshot(page, name) {
    await page.screenshot({ path: `${this.settings.shots}/${name}.png`, fullPage: true });
    this.shot += 1;
  }

  /** On paper the page says that it is printed and shows none of these values (clause 11.5). */
  async print(page, language, name, values) {
    await page.emulateMedia({ media: "print" });
    const text = await page.evaluate(() => document.body.innerText);
    for (const value of values) {
      this.problems.check(!text.includes(value), `${language}-${name}-print`, "a value is printed");
    }
    await page.pdf({ path: `${this.settings.shots}/${language}-print-${name}.pdf`, format: "A4" });
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
  }

  /** Presses something that answers with a file; its text. */
  async download(page, press) {
    const [file] = await Promise.all([page.waitForEvent("download"), press()]);
    const path = await file.path();
    return fs.readFileSync(path, "utf8");
  }
}
