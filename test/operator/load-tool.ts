import { loadScript } from '../harness/load-script.ts';
import { type Env, linesOf, noAwsFiles, type Printed, scriptOf } from './tool.ts';

/** Runs the script of an operator's tool as `tool` does, but in this process. */
export const loadTool = async (name: string, args: readonly string[], env: Env = {}): Promise<Printed> => {
  const settings = Object.keys(process.env).filter((each) => each.startsWith('AWS_'));
  const none = Object.fromEntries(settings.map((setting) => [setting, undefined]));
  const { stdout, stderr, code } = await loadScript(scriptOf(name), args, { ...none, ...noAwsFiles, ...env });
  return { lines: linesOf(stdout), stderr, code };
};
