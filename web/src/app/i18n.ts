import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Locale = 'zh-CN' | 'en-US';

// Each language is a file of its own: nobody downloads the other one.
const texts = {
  'zh-CN': () => import('../locales/zh-CN.json'),
  'en-US': () => import('../locales/en-US.json'),
};

const stored = localStorage.getItem('yunchou.locale');
const first: Locale =
  stored === 'zh-CN' || stored === 'en-US' ? stored : navigator.language.startsWith('zh') ? 'zh-CN' : 'en-US';

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
  .init({ resources: {}, lng: first, fallbackLng: false, interpolation: { escapeValue: false } })
  .then(() => use(first));

export function setLocale(l: Locale) {
  localStorage.setItem('yunchou.locale', l);
  void use(l);
}

export const localeChosen = () => localStorage.getItem('yunchou.locale') !== null;
export default i18next;
