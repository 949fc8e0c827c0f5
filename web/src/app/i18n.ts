import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLocale, keepLocale, type Locale } from './device';

// Each language is files of its own: nobody downloads the other one, and what is seen after the sign-in comes after it.
const texts = {
  first: { 'zh-CN': () => import('../texts/zh-CN.first'), 'en-US': () => import('../texts/en-US.first') },
  late: { 'zh-CN': () => import('../texts/zh-CN.late'), 'en-US': () => import('../texts/en-US.late') },
  settings: { 'zh-CN': () => import('../texts/zh-CN.settings'), 'en-US': () => import('../texts/en-US.settings') },
  import: { 'zh-CN': () => import('../texts/zh-CN.import'), 'en-US': () => import('../texts/en-US.import') },
  guidance: { 'zh-CN': () => import('../texts/zh-CN.guidance'), 'en-US': () => import('../texts/en-US.guidance') },
  change: { 'zh-CN': () => import('../texts/zh-CN.change'), 'en-US': () => import('../texts/en-US.change') },
  relation: { 'zh-CN': () => import('../texts/zh-CN.relation'), 'en-US': () => import('../texts/en-US.relation') },
  tie: { 'zh-CN': () => import('../texts/zh-CN.tie'), 'en-US': () => import('../texts/en-US.tie') },
  competitor: {
    'zh-CN': () => import('../texts/zh-CN.competitor'),
    'en-US': () => import('../texts/en-US.competitor'),
  },
};
type Part = keyof typeof texts;
const parts: Part[] = ['first'];
const loaded = new Set<string>();

async function add(l: Locale, part: Part) {
  if (loaded.has(l + part)) return;
  const { default: bundle } = await texts[part][l]();
  i18next.addResourceBundle(l, 'translation', bundle, true);
  loaded.add(l + part);
}

async function use(l: Locale) {
  const all = () => Promise.all(parts.map((part) => add(l, part)));
  await all();
  await all(); // somebody may have signed in meanwhile
  document.documentElement.lang = l;
  await i18next.changeLanguage(l);
}

/** loadTexts has the texts of what is shown to somebody signed in. */
export const loadTexts = () => load('late');

/** loadSettingsTexts has those of the settings too, which name fields as imports do. */
export const loadSettingsTexts = () => Promise.all([load('settings'), load('import'), load('guidance')]);

/** loadImportTexts has those of imports too. */
export const loadImportTexts = () => load('import');

/** loadGuidanceTexts has those of guidance too. */
export const loadGuidanceTexts = () => load('guidance');

/** loadChangeTexts has those of who changed at a customer too. */
export const loadChangeTexts = () => load('change');

/** loadRelationTexts has those of how we stand with the people of a deal too. */
export const loadRelationTexts = () => load('relation');

/** loadTieTexts has those of who knows whom too. */
export const loadTieTexts = () => load('tie');

/** loadCompetitorTexts has those of competitors too. */
export const loadCompetitorTexts = () => load('competitor');

async function load(part: Part) {
  if (!parts.includes(part)) parts.push(part);
  await ready;
  await add(i18next.language as Locale, part);
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
