export { AnswerDialog, Asked } from './Asked';
export { AskMine } from './AskMine';
export { KnownBy } from './KnownBy';
