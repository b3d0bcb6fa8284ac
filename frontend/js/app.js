// What a page needs beyond htmx. Every module listens on the document, so content that htmx swaps in works at once.
import './requests.js';
import './actions.js';
import './palette.js';
import './shortcuts.js';
import './selection.js';
import './grid.js';
import './sliders.js';
import './messages.js';
import './errors.js';
