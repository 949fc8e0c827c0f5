import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLocale, keepLocale, type Locale } from './device';

// Each language is a file of its own: nobody downloads the other one.
const texts = {
  'zh-CN': () => import('../locales/zh-CN.json'),
  'en-US': () => import('../locales/en-US.json'),
};

async function use(l: Locale) {
  if (!i18next.hasResourceBundle(l, 'translation')) {
    const { default: bundle } = await texts[l]();
    i18next.addResourceBundle(l, 'translation', bundle);
  }
  document.documentElement.lang = l;
  await i18next.changeLanguage(l);
}

/** ready resolves when the first language can be shown. */
export const ready = i18next
  .use(initReactI18next)
  .init({ resources: {}, lng: firstLocale(), fallbackLng: false, interpolation: { escapeValue: false } })
  .then(() => use(firstLocale()));

export function setLocale(l: Locale) {
  keepLocale(l);
  void use(l);
}

export default i18next;
