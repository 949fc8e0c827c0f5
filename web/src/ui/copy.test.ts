import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './copy';

afterEach(() => vi.unstubAllGlobals());

test('a text is copied where the browser keeps its clipboard back', async () => {
  let copied = '';
  document.execCommand = (what) => {
    const field = document.activeElement as HTMLTextAreaElement;
    copied = what === 'copy' ? field.value.slice(field.selectionStart, field.selectionEnd) : '';
    return true;
  };
  vi.stubGlobal('navigator', {});
  expect(await copyText('one\ntwo')).toBe(true);
  expect(copied).toBe('one\ntwo');
  expect(document.querySelector('textarea')).toBeNull();
});

test('what could not be copied is said to be so', async () => {
  document.execCommand = () => false;
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('denied')) } });
  expect(await copyText('x')).toBe(false);
});
