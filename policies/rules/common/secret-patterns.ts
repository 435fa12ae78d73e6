/** Recognises secrets in a text, by form or by the name they are assigned to. Never returns the secret itself. */
import { gunzipSync } from "node:zlib";

const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key id"],
  [/\bdop_v1_[a-f0-9]{20,}/, "a DigitalOcean token"],
  [/\b[sr]k_live_[A-Za-z0-9]{10,}/, "a Stripe live key"],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}/, "a GitHub token"],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, "a GitLab token"],
  [/\bxox[abpr]-[A-Za-z0-9-]{10,}/, "a Slack token"],
  [/\bpul-[a-f0-9]{40}\b/, "a Pulumi token"],
  [/\bAIza[A-Za-z0-9_-]{35}\b/, "a Google API key"],
  [/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/, "a private key"],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/, "an age key"],
  [/\bAPP_KEY\s*[=:]\s*["']?base64:[A-Za-z0-9+/]{30,}/, "a Laravel APP_KEY"],
  [/\b[a-z][a-z0-9+]*:\/\/[^\s:/@$]+:[^\s:/@$<{]{6,}@/, "a URL with a password"],
];

const SECRET_NAME =
  /(^|[_.-])(pass(word|wd|phrase)?|secret|token|api_?key|app_?key|private_?key|access_?key|credentials?)$/i;
const ASSIGNMENT = /(?:^|[\s;"'{,(-])([A-Za-z][A-Za-z0-9_.-]{1,60})["']?\s*(?:=|:)\s*("[^"\n]*"|'[^'\n]*'|[^\s;,)}]+)/g;

/** What stands for a value that comes from elsewhere: `$VAR`, `$(cmd)`, `{{ x }}`, `<x>`, a path, an ARN, a word. */
const REFERENCE =
  /^(\$|`|\{\{|<|%|\/|~|\.\/|@|file:|env:|vault:|arn:|https?:\/\/|sha256:|null$|none$|true$|false$|yes$|no$|on$|off$|optional$|required$|sufficient$|\*+$|x+$)|\$\(|\$\{|\{\{/i;

/** A literal of some length. Words of a sentence ("password: required") are too short or have no digit or symbol. */
function isLiteral(value: string): boolean {
  const text = value.replace(/^["']|["']$/g, "");
  if (text.length < 8 || REFERENCE.test(text)) return false;
  return /[0-9]/.test(text) || /[^A-Za-z0-9_./-]/.test(text) || text.length >= 20;
}

/** Kinds of secrets in a text; `name` is what the text itself is assigned to. */
export function secretsIn(text: string, name = ""): string[] {
  const found = FORMS.filter(([form]) => form.test(text)).map(([, what]) => what);
  if (SECRET_NAME.test(name) && isLiteral(text.trim())) found.push(`the value of ${name}`);
  for (const [, key = "", value = ""] of text.matchAll(ASSIGNMENT)) {
    if (SECRET_NAME.test(key) && isLiteral(value)) found.push(`a value for ${key}`);
  }
  return found;
}

/** The text itself and, where it is base64 or gzip of a text, what that holds. */
export function readable(text: string): string {
  if (text.length < 16 || !/^[A-Za-z0-9+/\s]+=*\s*$/.test(text)) return text;
  const bytes = Buffer.from(text, "base64");
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: 1 << 20 }) : bytes;
    const decoded = plain.toString("utf8");
    // Random bytes decode to replacement characters: then it was no text, and the original is judged alone.
    return decoded.includes("�") ? text : `${text}\n${decoded}`;
  } catch {
    return text;
  }
}
