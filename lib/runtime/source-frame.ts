import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/**
 * A stack frame with its place in the source. The source map beside a bundle is read at the first frame: with
 * `--enable-source-maps` Node prepares it at every cold start, which takes a fifth of that.
 */
export const sourceFrame = (frame: string): string =>
  frame.replace(bundledPlace, (place, file: string, line: string, column: string) => {
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    return origin && 'fileName' in origin ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}` : place;
  });

const bundledPlace = /([^\s()]+\.cjs):(\d+):(\d+)/;

const maps = new Map<string, SourceMap | undefined>();

const mapOf = (file: string): SourceMap | undefined => {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
};

const readMap = (path: string): SourceMap | undefined =>
  existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
