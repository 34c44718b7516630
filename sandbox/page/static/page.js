// Sends what people do and keeps the page up to date. The server renders everything; the scripts put the parts it
// renders anew in the place of the old ones.

import "./appearance.js";
import "./menus.js";
import "./forms.js";
import "./fields.js";
import "./formatting.js";
import "./pickers.js";
import "./uploads.js";
import "./tables.js";
import "./suggesting.js";
import "./composing.js";
import "./messages.js";
import "./places.js";
import "./reading.js";
import "./guide.js";
import "./live.js";

import { act } from "./acting.js";
import { here } from "./words.js";

if (here.tab) act("home", { tab: here.tab });
