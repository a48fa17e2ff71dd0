// Opens every kind of page in a real browser: see README.md. Usage: node pages.mjs PROGRAM
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { ATTACKS } from "./attacks.mjs";

const program = resolve(process.argv[2] ?? "");
const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "signoff-pages-"));
const environment = { ...process.env, SIGNOFF_NOW: "2026-10-05T09:00:00Z" };
const base = join(here, "../../crates/signoff-analysis/tests/base");
const BODY = "keps/sig-node/1234-widget-pools/README.md";
const METADATA = "keps/sig-node/1234-widget-pools/kep.yaml";

let passed = 0;
let failed = 0;

// Runs one test; a failure does not hide the others.
async function test(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`test browser::${name} ... ok`);
  } catch (error) {
    failed += 1;
    console.log(`test browser::${name} ... FAILED\n  ${String(error.message ?? error).split("\n").join("\n  ")}`);
  }
}

function assert(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}

function same(found, expected, message) {
  assert(JSON.stringify(found) === JSON.stringify(expected), `${message}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}

function build(name, from) {
  const out = join(folder, name);
  execFileSync(program, [...from, "site", "build", "--out", out], { env: environment, stdio: ["ignore", "ignore", "inherit"] });
  return out;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

// Opens a page and notes what it says and loads beside itself.
async function open(address, options = {}) {
  const { width = 1320, dark = false, script = true, bypass = false } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: script,
    bypassCSP: bypass,
  });
  const page = await context.newPage();
  const noted = [];
  const own = new URL(address);
  page.on("console", (message) => noted.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noted.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { noted.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== own.protocol || to.host !== own.host) {
      noted.push(`foreign request: ${request.url()}`);
    }
  });
  await page.goto(address);
  return { page, noted, close: () => context.close() };
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => (await globalThis.axe.run()).violations.map((own) => `${own.id}: ${own.nodes[0].html.slice(0, 120)}`));
}

const sample = build("sample", ["--sample"]);
const board = `board/${readdirSync(join(sample, "board")).find((name) => name.endsWith(".html"))}`;
const group = `groups/${readdirSync(join(sample, "groups"))[0]}`;
const compare = `compare/${readdirSync(join(sample, "compare"))[0]}`;
const gate = "gates/imagevolume.html";
const upgrade = `upgrade/${readdirSync(join(sample, "upgrade"))[0]}`;
const PAGES = ["index.html", board, "proposals/index.html", "proposals/231.html", group, compare, "reviewers.html", "statistics.html", "gates/index.html", gate, "upgrade.html", upgrade, "audit.html", "rules/index.html", "rules/question-missing.html", "search.html", "404.html"];
const at = (path) => pathToFileURL(join(sample, path)).href;

for (const path of PAGES) {
  await test(`${path} opens from disk, wide and narrow, light and dark, and axe finds nothing`, async () => {
    for (const options of [{}, { dark: true }, { width: 360 }]) {
      const { page, noted, close } = await open(at(path), options);
      same(await page.locator("h1").count(), 1, "headings of the first level");
      same(noted, [], "what it says and loads");
      assert((await overflow(page)) <= 0, `it is ${await overflow(page)} px too wide at ${options.width ?? 1320}`);
      await close();
      const looked = await open(at(path), { ...options, bypass: true });
      same(await violations(looked.page), [], "what axe finds");
      await looked.close();
    }
  });
  await test(`${path} is complete without a script`, async () => {
    const { page, noted, close } = await open(at(path), { script: false });
    const words = (await page.locator("main").innerText()).trim().length;
    assert(words > 40, `it has ${words} letters`);
    same(noted, [], "what it says and loads");
    await close();
  });
}

await test("a row of the board opens, one at a time, and the address holds it", async () => {
  const { page, close } = await open(at(board));
  same(await page.locator("tr.panel:visible").count(), 0, "open rows");
  await page.locator("button.exp").nth(0).click();
  same(await page.locator("tr.panel:visible").count(), 1, "open rows");
  const address = page.url();
  await page.locator("button.exp").nth(1).click();
  same(await page.locator("tr.panel:visible").count(), 1, "open rows after a second one");
  await close();
  const again = await open(address);
  same(await again.page.locator("tr.panel:visible").count(), 1, "open rows of the address");
  await again.close();
});

await test("filters narrow a table, stand in the address, and leave its columns alone", async () => {
  for (const [path, words] of [[board, "sig-network"], ["proposals/index.html", "sig-network"], ["gates/index.html", "volume"]]) {
    const { page, close } = await open(at(path));
    const rows = page.locator("tr[data-text]:visible");
    const all = await rows.count();
    await page.locator("form.filters input[name=q]").fill(words);
    const some = await rows.count();
    assert(some > 0 && some < all, `${some} of ${all} rows of ${path}`);
    assert(page.url().includes(`q=${words}`), page.url());
    const address = page.url();
    await close();
    const again = await open(address);
    same(await again.page.locator("tr[data-text]:visible").count(), some, "rows of the address");
    await again.close();
  }
});

await test("the date slider shows the board of a day, and at its end the board of now", async () => {
  const { page, noted, close } = await open(at(board));
  const rows = () => page.locator("tr[data-text]:visible").allInnerTexts();
  const now = await rows();
  const range = page.locator("input[type=range]");
  await range.fill("0");
  await page.locator("output", { hasText: "2026-09-07" }).waitFor();
  const then = await rows();
  assert(JSON.stringify(then) !== JSON.stringify(now), "the first day of the cycle is another one");
  assert(page.url().includes("board/"), page.url());
  await range.fill(await range.getAttribute("max"));
  same(await rows(), now, "the board of now");
  same(noted, [], "what it says and loads");
  await close();
});

await test("a slash goes to the search, and what is searched is shown", async () => {
  const { page, noted, close } = await open(at("index.html"));
  await page.keyboard.press("/");
  same(await page.evaluate(() => document.activeElement.id), "q", "where the keyboard is");
  await page.keyboard.type("tide");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\.html\?q=tide/);
  await page.locator(".hits li").first().waitFor();
  assert((await page.locator(".hits li").first().innerText()).includes("Tide"), "the title that has the word comes first");
  await page.locator("form[data-search] input").fill("tide nosuchword");
  await page.getByText("No proposal has all of these words.").waitFor();
  await page.locator("form[data-search] input").fill("231");
  await page.locator(".hits li").first().waitFor();
  assert((await page.locator(".hits li").first().innerText()).startsWith("231"), "a number finds its proposal");
  same(noted, [], "what it says and loads");
  await close();
});

await test("headings of a document have links that lead to them", async () => {
  const { page, close } = await open(at("proposals/231.html"));
  const links = await page.locator(".prose :is(h2, h3, h4, h5, h6) > a").evaluateAll((all) => all.map((own) => own.getAttribute("href")));
  assert(links.length > 10, `${links.length} links`);
  const dead = await page.evaluate(() => [...document.querySelectorAll('main a[href^="#"]')]
    .filter((own) => !document.getElementById(decodeURIComponent(own.getAttribute("href").slice(1)))).map((own) => own.outerHTML));
  same(dead, [], "links of the page that lead nowhere");
  await close();
});

await test("a table is sorted by the head that is pressed, and back", async () => {
  const { page, noted, close } = await open(at("proposals/index.html"));
  const titles = () => page.locator("table[data-sorts] .t").allTextContents();
  const before = await titles();
  const head = page.locator("button.sort", { hasText: "Proposal" });
  await head.click();
  const sorted = [...before].sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
  same(await titles(), sorted, "by title");
  await head.click();
  same(await titles(), sorted.reverse(), "the other way round");
  same(await page.locator("th[aria-sort=descending]").count(), 1, "heads that say so");
  same(noted, [], "what it says and loads");
  await close();
});

await test("a chart tells the values where it is pointed at", async () => {
  const { page, noted, close } = await open(at("index.html"));
  await page.locator(".chart .told").nth(3).hover();
  const said = await page.locator(".telling").first().textContent();
  assert(/days? before: \S+ \d+/.test(said), `it says ${said}`);
  same(noted, [], "what it says and loads");
  await close();
});

await test("a link to a heading that was reworded leads to the one most like it", async () => {
  const { page, close } = await open(at("proposals/231.html"));
  const ids = await page.locator(".prose [id^=d-]").evaluateAll((all) => all.map((own) => own.id));
  const id = ids.sort((left, right) => right.length - left.length)[0];
  const again = await open(`${at("proposals/231.html")}#${id}-now`);
  same(new URL(again.page.url()).hash, `#${id}`, "where it leads");
  await again.close();
  await close();
});

await test("evidence and findings lead to lines that are on the page", async () => {
  for (const path of [board, "proposals/231.html"]) {
    const { page, close } = await open(at(path));
    const targets = await page.locator("main a.at").evaluateAll((all) => all.map((own) => own.href));
    const lines = targets.filter((target) => target.startsWith("file:"));
    assert(lines.length > 0, `${path} has none`);
    for (const target of new Set(lines)) {
      const [file, id] = target.split("#");
      assert(readFileSync(fileURLToPath(file), "utf8").includes(`id="${id}"`), `${target} is nowhere`);
    }
    await close();
  }
});

await test("the matrix of gates scrolls in its own box, and its head and first column stay in view", async () => {
  for (const width of [360, 1320]) {
    const { page, close } = await open(at("gates/index.html"), { width });
    const row = page.locator("tr[data-text]").nth(40);
    await row.scrollIntoViewIfNeeded();
    const box = page.locator(".scroll:has(.gates)");
    await box.evaluate((own) => { own.scrollLeft = 300; });
    const places = await page.evaluate(() => {
      const top = document.querySelector(".gates thead th").getBoundingClientRect();
      const first = document.querySelectorAll("tr[data-text]")[40].cells[0].getBoundingClientRect();
      return { top: top.top, left: first.left };
    });
    assert(places.top >= -1 && places.left >= 0, `at ${width}: ${JSON.stringify(places)}`);
    same(await box.getAttribute("tabindex"), "0", "the box takes the keyboard");
    await close();
  }
});

await test("a filter by component takes gates of several, and who disagrees can be chosen", async () => {
  const { page, noted, close } = await open(`${at("gates/index.html")}?stage=locked`);
  const all = await page.locator("tr[data-text]:visible").count();
  assert(all > 0, "some are locked");
  same(await page.locator("tr[data-text]:visible:has(.run.locked, .run.lock)").count(), all, "each has a bar with a lock");
  assert((await page.locator("[data-count]").textContent()).includes(" of "), "it says how many of all");
  same(noted, [], "what it says and loads");
  await close();
});

await test("two versions lead to the page of their upgrade", async () => {
  const { page, noted, close } = await open(at("upgrade.html"));
  await page.getByLabel("From").selectOption({ index: 0 });
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL(/upgrade\/[0-9.]+-[0-9.]+\.html$/);
  await page.getByRole("heading", { name: "Not looked at" }).waitFor();
  same(await page.locator("nav[aria-label=Upgrades] [aria-current=page]").count(), 1, "the pair that is shown");
  same(noted, [], "what it says and loads");
  await close();
});

await test("files are checked when they are chosen or dropped, with and without a script, and are not kept", async () => {
  const config = join(folder, "kubelet.yaml");
  writeFileSync(config, `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  ImageVolume: false\n  "<img src=x onerror=pwned()>": true\n`);
  const hostile = join(folder, `"><img src=x onerror=pwned()>.yaml`);
  writeFileSync(hostile, ATTACKS.join("\n"));
  const server = spawn(program, ["--sample", "serve", "--address", "127.0.0.1:0"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((done) => createInterface(server.stdout).once("line", done));
    for (const options of [{ script: false }, {}, { width: 360, dark: true }]) {
      const { page, noted, close } = await open(`${address}upgrade.html`, options);
      await page.locator("input[type=file]").setInputFiles([config, hostile]);
      await page.getByRole("button", { name: "Check" }).click();
      await page.locator(".finding").first().waitFor();
      assert((await page.locator("h1").textContent()).includes("with 2 files"), "it says how many");
      assert((await page.locator(".given .b, .given .k").count()) > 0, "lines are marked");
      same(await page.locator("main img, main script").count(), 0, "what files put on the page");
      assert((await overflow(page)) <= 0, `it is ${await overflow(page)} px too wide`);
      same(noted, [], "what it says and loads");
      await close();
    }
    const { page, noted, close } = await open(`${address}upgrade.html`, { bypass: true });
    await page.evaluate(async (text) => {
      const files = new DataTransfer();
      files.items.add(new File([text], "dropped.yaml"));
      const form = document.querySelector("form[data-drop]");
      form.dispatchEvent(new DragEvent("dragover", { dataTransfer: files, bubbles: true, cancelable: true }));
      form.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }, readFileSync(config, "utf8"));
    await page.getByText("dropped.yaml").first().waitFor();
    same(await violations(page), [], "what axe finds");
    same(noted, [], "what it says and loads");
    await page.goto(`${address}upgrade.html`);
    same(await page.getByText("dropped.yaml").count(), 0, "what is left of it");
    const large = await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(["x".repeat(2 ** 20 + 1)], "large.yaml"));
      const input = document.querySelector("input[type=file]");
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
      return input.validationMessage;
    });
    same(large, "At most 1 MB each, 5 MB together", "what is not sent at all");
    await close();
  } finally {
    server.kill();
  }
});

await test("hostile evidence stays inert", async () => {
  const project = join(folder, "hostile-evidence");
  cpSync(base, project, { recursive: true });
  const attack = "<img src=x onerror=pwned()>";
  const gates = [attack, `"><script>pwned()</script>`, "javascript:pwned()", "WidgetPools", "W".repeat(300)];
  const entry = (name) => `- name: '${name}'\n  versionedSpecs:\n  - default: true\n    lockToDefault: false\n    preRelease: Beta\n    version: "1.35"\n`;
  const put = (path, text) => { mkdirSync(dirname(join(project, path)), { recursive: true }); writeFileSync(join(project, path), text); };
  put("code/kubernetes-1.36.2/test/compatibility_lifecycle/reference/versioned_feature_list.yaml", gates.map(entry).join(""));
  put("docs/content/en/docs/reference/command-line-tools-reference/feature-gates/x.md", `---\ntitle: '${attack}'\nstages:\n  - stage: beta\n    defaultValue: true\n    fromVersion: "1.35"\n---\n${attack}\n`);
  put("docs/data/releases/schedule.yaml", `schedules:\n- release: "1.35"\n`);
  put("signoff.toml", `[evidence]\ncode = ["code"]\ndocs = ["docs"]\n`);
  const metadata = readFileSync(join(project, METADATA), "utf8");
  writeFileSync(join(project, METADATA), `${metadata.replace(/^feature-gates:\n(?:[ -].*\n)*/m, "")}feature-gates:\n${gates.map((name) => `  - name: '${name}'\n    components: ['${attack}']\n`).join("")}`);
  const built = build("hostile-evidence-pages", ["-C", project]);
  const pages = readdirSync(join(built, "gates")).map((name) => `gates/${name}`);
  assert(pages.length === gates.length + 1, `a page for each gate: ${pages}`);
  for (const path of [...pages, "audit.html", "upgrade.html", "proposals/1234.html"]) {
    for (const width of [360, 1320]) {
      const { page, noted, close } = await open(pathToFileURL(join(built, path)).href, { width });
      same(noted, [], `what ${path} says and loads`);
      same(await page.locator("main img, main script, main [onerror], main a[href^=javascript]").count(), 0, `what is in ${path}`);
      same(await overflow(page), 0, `what of ${path} is wider than ${width}`);
      await close();
    }
  }
});

await test("a hostile document stays inert", async () => {
  const project = join(folder, "hostile");
  cpSync(base, project, { recursive: true });
  const text = readFileSync(join(project, BODY), "utf8");
  const long = `https://forge.example/${"a".repeat(150)}/${"b".repeat(150)}`;
  const wide = `${long}\n\n- ${long}\n\n| ${long} | b |\n|---|---|\n| c | \`${"d".repeat(200)}\` |\n\n\`${"e".repeat(200)}\``;
  writeFileSync(join(project, BODY), `${text}\n## Attacks\n\n${ATTACKS.join("\n\n")}\n\n## Wide\n\n${wide}\n`);
  const metadata = readFileSync(join(project, METADATA), "utf8");
  writeFileSync(join(project, METADATA), metadata.replace(/^title:.*$/m, `title: '"><img src=x onerror=pwned()><script>pwned()</script>'`));
  const built = build("hostile-pages", ["-C", project]);
  for (const path of ["proposals/1234.html", "proposals/index.html", "index.html"]) {
    const { page, noted, close } = await open(pathToFileURL(join(built, path)).href);
    same(noted, [], `what ${path} says and loads`);
    const odd = await page.evaluate(() => {
      const main = document.querySelector("main");
      const found = [...main.querySelectorAll("script, style, iframe:not(.diagram), object, embed, form:not(.filters), base, meta, link, math, foreignObject, [style], [srcset]")];
      const acting = [...main.querySelectorAll("*")].filter((own) => [...own.attributes].some((one) => /^on/i.test(one.name)));
      const addresses = [...main.querySelectorAll("[href], [src], [action]")].filter((own) =>
        !["http:", "https:", "mailto:", "file:"].includes(new URL(own.getAttribute("href") ?? own.getAttribute("src") ?? "", location.href).protocol));
      const shadowed = ["body", "forms", "cookie", "getElementById", "location"].filter((name) => document[name] instanceof Element && name !== "body");
      return [...found, ...acting, ...addresses].map((own) => own.outerHTML.slice(0, 120)).concat(shadowed, globalThis.pwned ? ["pwned"] : []);
    });
    same(odd, [], `what is in ${path}`);
    await close();
  }
  for (const width of [360, 1320]) {
    const narrow = await open(pathToFileURL(join(built, "proposals/1234.html")).href, { width });
    same(await overflow(narrow.page), 0, `what is wider than ${width}`);
    await narrow.close();
  }
  const { page, close } = await open(pathToFileURL(join(built, "proposals/1234.html")).href);
  assert((await page.locator("footer.foot").count()) === 1, "the page is whole behind the document");
  assert((await page.locator("article.prose footer, article.prose main").count()) === 0, "the document keeps to its place");
  same(await page.evaluate(() => document.querySelector("footer.foot").parentElement === document.body), true, "the foot is the page's");
  await close();
});

await test("diagrams are drawn, from disk and live, in frames that reach nothing", async () => {
  const project = join(folder, "diagrams");
  cpSync(base, project, { recursive: true });
  const text = readFileSync(join(project, BODY), "utf8");
  const diagrams = ["sequenceDiagram\n  kubelet->>runtime: pull", "flowchart TD\n  a[one] --> b[\"two <img src=x onerror=parent.pwned()>\"]\n  click a href \"javascript:parent.pwned()\"", "no diagram at all"];
  writeFileSync(join(project, BODY), `${text}\n## Diagrams\n\n${diagrams.map((own) => `\`\`\`mermaid\n${own}\n\`\`\``).join("\n\n")}\n`);
  const built = build("diagram-pages", ["-C", project]);
  const server = spawn(program, ["-C", project, "serve", "--address", "127.0.0.1:0"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((done) => createInterface(server.stdout).once("line", done));
    for (const root of [`${pathToFileURL(built).href}/`, address]) {
      const { page, noted, close } = await open(`${root}proposals/1234.html`);
      await page.locator("iframe.diagram.drawn").nth(1).waitFor();
      await page.getByText("This diagram cannot be drawn").waitFor();
      const heights = await page.locator("iframe.diagram.drawn").evaluateAll((all) => all.map((own) => own.clientHeight));
      assert(heights.length === 2 && heights.every((own) => own > 60), `two drawings with a height: ${heights}`);
      const drawn = page.frames().filter((own) => own.url().endsWith("diagram.html"));
      const words = await Promise.all(drawn.map((own) => own.locator("svg").textContent()));
      assert(words.some((own) => own.includes("kubelet")), `words of the drawing: ${words}`);
      same(await page.evaluate(() => globalThis.pwned ?? null), null, "what a drawing did to the page");
      // What the text of a drawing tries is stopped by the policy of its frame.
      same(noted.filter((own) => !own.includes("The action has been blocked")), [], `what the page of ${root} says and loads`);
      await close();
    }
  } finally {
    server.kill();
  }
});

await test("a live page shows what a file says now", async () => {
  const project = join(folder, "live");
  cpSync(base, project, { recursive: true });
  const server = spawn(program, ["-C", project, "serve", "--address", "127.0.0.1:0"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((done) => createInterface(server.stdout).once("line", done));
    const { page, noted, close } = await open(`${address}proposals/1234.html`);
    const metadata = readFileSync(join(project, METADATA), "utf8");
    writeFileSync(join(project, METADATA), metadata.replace(/^title:.*$/m, "title: A wholly new title"));
    await page.getByRole("heading", { level: 1, name: "A wholly new title" }).waitFor();
    const body = join(project, dirname(METADATA), "README.md");
    writeFileSync(body, `${readFileSync(body, "utf8")}\n## Later\n\n### Then\n\n#### A new place\n`);
    await page.getByRole("heading", { name: "A new place" }).getByRole("link").waitFor();
    same(noted, [], "what it says and loads");
    await close();
  } finally {
    server.kill();
  }
});

await test("a live page compares with a past time, searches without a script, and says when its server is gone", async () => {
  const server = spawn(program, ["--sample", "serve", "--address", "127.0.0.1:0"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((done) => createInterface(server.stdout).once("line", done));
    const { page, noted, close } = await open(`${address}proposals/231.html`);
    await page.getByRole("link", { name: "What changed" }).click();
    await page.getByRole("textbox", { name: "Compare with" }).fill("2026-09-01");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("heading", { name: "In the words of the process" }).waitFor();
    assert((await page.locator("ins").count()) > 0, "something came");
    same(noted, [], "what it says and loads");
    await close();
    const plain = await open(`${address}index.html`, { script: false });
    await plain.page.getByRole("searchbox").fill("vessel");
    await plain.page.keyboard.press("Enter");
    await plain.page.locator(".hits .snippet mark").first().waitFor();
    await plain.close();
    const typed = await open(`${address}search.html`);
    await typed.page.getByLabel("Words").fill("vessel lea");
    await typed.page.locator(".hits .snippet mark").first().waitFor();
    same(typed.noted, [], "what it says and loads");
    server.kill();
    await typed.page.getByText("The server does not answer").waitFor();
    await typed.close();
  } finally {
    server.kill();
  }
});

await browser.close();
rmSync(folder, { recursive: true, force: true });
console.log(`browser result: ${passed} passed; ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
