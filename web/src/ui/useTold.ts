import { App } from 'antd';
import { useProblemText } from './problemText';

/** useTold tells over the page what was refused, where no form stands that could show it. */
export function useTold() {
  const { message } = App.useApp();
  const text = useProblemText();
  return (err: unknown) => {
    message.error(text(err));
  };
}
