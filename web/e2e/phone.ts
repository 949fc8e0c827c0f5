import { expect, type Locator, type Page } from '@playwright/test';

/** KEYBOARD is how much of the page an on-screen keyboard covers, in pixels. */
export const KEYBOARD = 300;

// What a tap and a character take, in seconds.
const TAP = 0.8;
const CHARACTER = 0.35;

/** withKeyboard gives the page a keyboard: while a field has the focus, the page is seen only above it. */
export const withKeyboard = (page: Page) =>
  page.addInitScript((covered) => {
    let up = false;
    const view = new EventTarget();
    const fixed = { offsetTop: 0, offsetLeft: 0, pageTop: 0, pageLeft: 0, scale: 1 };
    for (const [name, value] of Object.entries(fixed)) Object.defineProperty(view, name, { value });
    Object.defineProperty(view, 'width', { get: () => innerWidth });
    Object.defineProperty(view, 'height', { get: () => innerHeight - (up ? covered : 0) });
    Object.defineProperty(window, 'visualViewport', { value: view });
    const written = 'textarea, input:not([type=checkbox], [type=radio], [type=file], [type=date], [type=button])';
    const look = () => {
      const now = !!document.activeElement?.matches(written);
      if (now === up) return;
      up = now;
      view.dispatchEvent(new Event('resize'));
    };
    for (const moved of ['focusin', 'focusout']) document.addEventListener(moved, () => setTimeout(look, 100)); // it slides
  }, KEYBOARD);

/** Phone is somebody's thumb: it taps only what is seen above the keyboard, and counts what it does. */
export class Phone {
  taps = 0;
  characters = 0;
  constructor(readonly page: Page) {}

  get seconds() {
    return this.taps * TAP + this.characters * CHARACTER;
  }

  /** seen holds that something lies wholly above the keyboard, with nothing over it. */
  async seen(target: Locator) {
    await expect(target).toBeVisible();
    await expect
      .poll(
        () =>
          target.evaluate((el) => {
            const box = el.getBoundingClientRect();
            const height = window.visualViewport?.height ?? innerHeight;
            const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            if (box.top < 0 || box.bottom > height || box.left < 0 || box.right > innerWidth + 1)
              return `from ${box.left},${box.top} to ${box.right},${box.bottom}, of ${innerWidth}×${height}`;
            return el === at || el.contains(at) || at?.contains(el) ? 'seen' : `under ${at?.outerHTML.slice(0, 80)}`;
          }),
        { message: `${target} is to be seen`, timeout: 10_000 },
      )
      .toBe('seen');
  }

  async tap(target: Locator) {
    await this.seen(target);
    const box = await target.boundingBox();
    expect(box?.height, 'a thumb hits 44 px').toBeGreaterThanOrEqual(44);
    await target.tap();
    this.taps++;
  }

  /** type writes into the field that has the focus. */
  async type(text: string) {
    await expect.poll(() => this.page.evaluate(() => document.activeElement?.matches('input, textarea'))).toBe(true);
    await this.page.keyboard.insertText(text);
    this.characters += [...text].length;
  }
}
