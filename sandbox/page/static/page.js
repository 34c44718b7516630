// Sends what people do and keeps the page up to date. The server renders everything; the scripts put the parts it
// renders anew in the place of the old ones.

import "./menus.js";
import "./forms.js";
import "./composing.js";
import "./places.js";
import "./live.js";

import { act } from "./acting.js";
import { all, here } from "./words.js";

for (const list of all("[data-bottom]")) list.scrollTop = list.scrollHeight;
if (here.tab) act("home", { tab: here.tab });
