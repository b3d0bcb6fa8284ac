// Builds build/static/ from the packages in package.json and our own sources; nothing third-party is committed.
// File names carry no hash: Django's manifest storage adds it. Same sources in, same bytes out.
import * as esbuild from 'esbuild';
import { PurgeCSS } from 'purgecss';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const OUT = 'build/static';
const PACKAGES = 'node_modules';
const TARGET = 'es2022';

// Every Django app names classes and icons, so a new app is read without a change here. Tests are no app.
const apps = readdirSync('.').filter(name => name !== 'tests' && existsSync(join(name, '__init__.py'))).sort();
const sources = [...apps, 'templates', 'frontend/js'].filter(existsSync).flatMap(folder =>
  readdirSync(folder, { recursive: true }).sort()
    .map(name => join(folder, name))
    .filter(name => /\.(html|py|js)$/.test(name)));
const texts = sources.map(name => ({ name, text: readFileSync(name, 'utf8') }));

rmSync(OUT, { recursive: true, force: true });
mkdirSync(join(OUT, 'img'), { recursive: true });

const summary = [
  await buildScripts(),
  await buildStyles(),
  buildIcons(),
];
copyFileSync('frontend/favicon.svg', join(OUT, 'favicon.svg'));
console.log(`built ${OUT}: ${summary.join(', ')}`);

/** app.js is deferred; theme.js runs in <head> before the first paint, so it stays a file of its own. */
async function buildScripts() {
  await esbuild.build({
    entryPoints: ['frontend/js/app.js', 'frontend/js/theme.js'], outdir: OUT,
    bundle: true, minify: true, format: 'iife', target: TARGET, legalComments: 'eof', logLevel: 'warning',
  });
  return '2 scripts';
}

/** app.css: the rules of Tabler that some source names, then ours. landing.css: only for the public page. */
async function buildStyles() {
  const [tabler] = await new PurgeCSS().purge({
    css: [`${PACKAGES}/@tabler/core/dist/css/tabler.min.css`],
    content: texts.map(({ name, text }) => ({ raw: text, extension: name.split('.').pop() })),
    defaultExtractor: text => text.match(/[\w-/:]+(?<!:)/g) ?? [],
    safelist: { standard: [/^is-(in)?valid$/, /^htmx-/, /data-bs-theme/], greedy: [/data-bs-theme/] },
    // Rules for a script of Tabler's that we do not ship, but whose class names are ordinary words in our sources
    blocklist: [/^(modal|offcanvas|carousel|accordion|popover|tooltip|toast|dropdown|navbar|nav|payment|flag|chat|ribbon|star|social|ts|litepicker|noUi|apexcharts|jvm|fslightbox|plyr|dropzone|tox|hljs)(-|$)/],
    keyframes: true,
  });
  const ours = await bundleCss('frontend/css/app.css');
  const css = externaliseImages(tabler.css.replace(/\/\*# sourceMappingURL.*?\*\//g, '') + ours);
  await writeCss('app.css', css);
  await writeCss('landing.css', await bundleCss('frontend/css/landing.css'));
  return `2 style sheets, ${readdirSync(join(OUT, 'img')).length} images`;
}

async function bundleCss(entry) {
  const result = await esbuild.build({ entryPoints: [entry], bundle: true, write: false, external: ['img/*'], logLevel: 'warning' });
  return result.outputFiles[0].text;
}

async function writeCss(name, css) {
  const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target: TARGET });
  writeFileSync(join(OUT, name), code);
}

/** Bootstrap keeps its carets and ticks as data: addresses; as files they need no `img-src data:` in the CSP. */
function externaliseImages(css) {
  return css.replace(/url\((["'])data:image\/svg\+xml(?:;charset=utf-?8|;utf8)?,(.*?)\1\)/gi, (_match, _quote, body) => {
    const svg = decodeURIComponent(body.replace(/%(?![0-9a-f]{2})/gi, '%25'));
    const name = `img/${createHash('sha256').update(svg).digest('hex').slice(0, 10)}.svg`;
    writeFileSync(join(OUT, name), svg);
    return `url("${name}")`;
  });
}

/** One sprite of the icons that templates and code name, as {% icon "home" %}, icon="home" or icon("home"). */
function buildIcons() {
  const named = /(?:\{% icon |\bicon=|\bicon\(|["']icon["']: ?)["']([a-z0-9-]+)["']/g;
  const users = new Map();
  for (const { name, text } of texts) {
    for (const [, icon] of text.matchAll(named)) users.set(icon, name);
  }
  const symbols = [...users.keys()].sort().map(icon => {
    const file = `${PACKAGES}/@tabler/icons/icons/outline/${icon}.svg`;
    if (!existsSync(file)) throw new Error(`no such icon: "${icon}", named in ${users.get(icon)}`);
    const shapes = readFileSync(file, 'utf8').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>[\s\S]*$/, '').replace(/\s*\n\s*/g, '');
    return `<symbol id="${icon}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  writeFileSync(join(OUT, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
  return `${symbols.length} icons`;
}
