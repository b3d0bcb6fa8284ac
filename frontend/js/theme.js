// Runs in <head>, before the first paint, so that no page flashes in the other theme. The cookie holds a choice; without
// one the system decides. data-js tells the style sheet that menus can be opened, so it may close them at the start.
const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const chosen = () => document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
const apply = () => { root.dataset.bsTheme = chosen() ?? (system.matches ? 'dark' : 'light'); };

root.dataset.js = '';
apply();
system.addEventListener('change', apply);
addEventListener('zp:theme', ({ detail }) => {
  document.cookie = `theme=${detail}; path=/; max-age=31536000; samesite=lax`;
  apply();
});
