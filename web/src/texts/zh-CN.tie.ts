import tie from '../features/tie/texts/zh-CN.json' with { type: 'json' };

/** What is said of who knows whom alone. */
export default tie;
