import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useEffect } from 'react';
import { BrowserRouter, useLocation } from 'react-router';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ready } from '../app/i18n';
import { Search } from './Search';
import { useUrl } from './useUrl';

beforeAll(() => ready);
beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, '', '/?q=first');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const asked: string[] = [];

function Page() {
  const { clear } = useUrl();
  const { search } = useLocation();
  useEffect(() => {
    asked.push(search);
  }, [search]);
  return (
    <>
      <Search className="" />
      <button type="button" onClick={clear}>
        clear
      </button>
    </>
  );
}

const show = () => {
  render(
    <BrowserRouter>
      <Page />
    </BrowserRouter>,
  );
  asked.length = 0;
  return screen.getByRole('searchbox') as HTMLInputElement;
};
const rest = (ms = 400) => act(() => vi.advanceTimersByTimeAsync(ms));
const write = (box: HTMLInputElement, value: string) => fireEvent.change(box, { target: { value } });

test('what is written is asked for once the writing rests', async () => {
  const box = show();
  expect(box.value).toBe('first');
  for (const v of ['z', 'zh', 'zho', 'zhong']) {
    write(box, v);
    await rest(100);
  }
  expect(asked).toEqual([]);
  await rest();
  expect(asked).toEqual(['?q=zhong']);
  write(box, 'zhongj');
  expect(box.value).toBe('zhongj');
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
  await rest(10);
  expect(asked).toEqual(['?q=zhong', '?q=zhongj']);
  await rest(2000);
  expect(asked).toHaveLength(2);
});

test('whoever clears the filters clears what is written', async () => {
  const box = show();
  write(box, 'other');
  fireEvent.click(screen.getByText('clear'));
  await rest();
  expect(box.value).toBe('');
  expect(asked).toEqual(['']);
});
