import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../locales/en-US.json';
import zh from '../locales/zh-CN.json';

export type Locale = 'zh-CN' | 'en-US';

const stored = localStorage.getItem('yunchou.locale');
const first: Locale =
  stored === 'zh-CN' || stored === 'en-US' ? stored : navigator.language.startsWith('zh') ? 'zh-CN' : 'en-US';

i18next.use(initReactI18next).init({
  resources: { 'zh-CN': { translation: zh }, 'en-US': { translation: en } },
  lng: first,
  fallbackLng: 'en-US',
  interpolation: { escapeValue: false },
});
document.documentElement.lang = first;

export function setLocale(l: Locale) {
  localStorage.setItem('yunchou.locale', l);
  document.documentElement.lang = l;
  i18next.changeLanguage(l);
}

export const localeChosen = () => localStorage.getItem('yunchou.locale') !== null;
export default i18next;
