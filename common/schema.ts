// The schema library: zod in its small form, whose messages are in English only if told so. The other form takes 3 MB more of every process.
import { en } from "zod/locales";
import * as z from "zod/mini";

z.config(en());

export { z };
