// Which documents may be configs of segments. The server decides that; this says whether to start it.

const NAME = /^(.*[/])?(segments[^/]*|[^/]*[.]segments[.][^/]*)$/s;
const SEGMENT_KEY = /(?<![\w.-])segment["']?\s*([:=]|\]\])/;

/** Whether a document in TOML, YAML or JSON may be a config: by its name, or by a key `segment` in its text. */
export function mayBeConfig(path: string, text: string): boolean {
  return NAME.test(path) || SEGMENT_KEY.test(text);
}
