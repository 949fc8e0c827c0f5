// Package web is the built user interface, embedded. Where it has not been built,
// the program still builds and says so in the browser.
package web

import "embed"

// Dist holds the files of `npm run build`, each also as .gz and .br.
//
//go:embed all:dist
var Dist embed.FS

// Texts are the texts of the screens, for the little the server words itself.
//
//go:embed src/locales/zh-CN.json src/locales/en-US.json
var Texts embed.FS
