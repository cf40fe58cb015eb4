import type { Ask } from '../../command/ask.ts';
import { BadCommand } from '../../command/command.ts';
import type { Answers, Question } from './question.ts';
import { questions } from './questions.ts';

/** Answers from the flags; a person at a terminal is asked for the others. @throws BadCommand */
export const gatherAnswers = async (
  given: Readonly<Record<string, unknown>>,
  takesDefaults: boolean,
  ask: Ask | undefined,
): Promise<Answers> => {
  const answers: Record<string, string> = {};
  const missing: string[] = [];
  for (const question of questions) {
    if (question.when?.(answers) === false) continue;
    const { flag, argument, defaultAnswer } = question;
    const own = given[flag];
    const answer =
      typeof own === 'string' ? checked(question, own) : await answerTo(question, answers, takesDefaults, ask);
    if (answer === undefined) missing.push(`--${flag} ${argument}`);
    answers[flag] = answer ?? defaultAnswer?.(answers) ?? '';
  }
  if (missing.length === 0) return answers;
  throw new BadCommand(`setup needs ${missing.join(' and ')}, or a terminal to ask at`);
};

const checked = ({ flag, violation }: Question, answer: string): string => {
  const words = violation(answer);
  if (words !== undefined) throw new BadCommand(`--${flag} "${answer}" ${words}`);
  return answer;
};

const answerTo = async (
  { prompt, defaultAnswer, violation }: Question,
  answers: Answers,
  takesDefaults: boolean,
  ask: Ask | undefined,
): Promise<string | undefined> => {
  const usual = defaultAnswer?.(answers);
  if (!ask || (takesDefaults && usual !== undefined)) return usual;
  for (;;) {
    const answer = await ask(prompt, usual);
    const words = answer === '' ? 'needs an answer' : violation(answer);
    if (words === undefined) return answer;
    console.error(`It ${words}.`);
  }
};
