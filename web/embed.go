// Package web is the built user interface, embedded. Where it has not been built,
// the program still builds and says so in the browser.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
)

// Dist holds the files of `npm run build`, each also as .gz and .br.
//
//go:embed all:dist
var Dist embed.FS

// texts are the texts of the screens, a file for each feature and language.
//
//go:embed src/*/texts/*.json src/features/*/texts/*.json
var texts embed.FS

// Texts are the texts of the screens in a language as one tree: each leaf a string, a group may come
// from several features. Error: a text that is there twice.
func Texts(locale string) (map[string]any, error) {
	all := map[string]any{}
	for _, folder := range []string{"src/*/texts", "src/features/*/texts"} {
		files, err := fs.Glob(texts, path.Join(folder, locale+".json"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			raw, err := texts.ReadFile(file)
			if err != nil {
				return nil, err
			}
			var tree map[string]any
			if err := json.Unmarshal(raw, &tree); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if err := join(all, tree); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no texts in %q", locale)
	}
	return all, nil
}

func join(all, more map[string]any) error {
	for key, one := range more {
		here, there := all[key]
		if !there {
			all[key] = one
			continue
		}
		a, isTree := here.(map[string]any)
		b, alsoTree := one.(map[string]any)
		if !isTree || !alsoTree {
			return fmt.Errorf("text %s is there twice", key)
		}
		if err := join(a, b); err != nil {
			return err
		}
	}
	return nil
}
