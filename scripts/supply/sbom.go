package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/uuid"
)

// sbom writes a bill of materials in CycloneDX 1.6. The same sources give the same bytes: its serial
// number is made of what it says, and its time is SOURCE_DATE_EPOCH, or is left out.
func sbom(all []component, number string, out io.Writer) error {
	program := cdx.Component{Type: cdx.ComponentTypeApplication, BOMRef: "yunchou", Name: "yunchou", Version: number,
		Licenses: &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}}}
	components, refs := []cdx.Component{}, []string{}
	digest := sha256.New()
	fmt.Fprintln(digest, number)
	for _, c := range all {
		for _, v := range c.Versions {
			part := c.part(v)
			components, refs = append(components, part), append(refs, part.BOMRef)
			fmt.Fprintln(digest, part.BOMRef, v.Hash)
		}
		if c.Kind == "data" {
			part := cdx.Component{Type: cdx.ComponentTypeData, BOMRef: "data:" + strings.ReplaceAll(c.Name, " ", "-"), Name: c.Name,
				Description: c.Note, Licenses: c.named()}
			components, refs = append(components, part), append(refs, part.BOMRef)
			fmt.Fprintln(digest, part.BOMRef)
		}
	}
	bom := cdx.NewBOM()
	bom.SpecVersion, bom.JSONSchema = cdx.SpecVersion1_6, "http://cyclonedx.org/schema/bom-1.6.schema.json"
	bom.SerialNumber = uuid.NewSHA1(uuid.NameSpaceURL, digest.Sum(nil)).URN()
	bom.Metadata = &cdx.Metadata{Component: &program}
	if at := os.Getenv("SOURCE_DATE_EPOCH"); at != "" {
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
		}
		bom.Metadata.Timestamp = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
	}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: program.BOMRef, Dependencies: &refs}}
	return cdx.NewBOMEncoder(out, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bom, cdx.SpecVersion1_6)
}

// part is one version of a component.
func (c component) part(v version) cdx.Component {
	out := cdx.Component{Type: cdx.ComponentTypeLibrary, Name: c.Name, Version: v.Number, Licenses: c.named(), Description: c.Note}
	switch c.Kind {
	case "go":
		out.PackageURL = "pkg:golang/" + c.Name + "@" + v.Number
	case "npm":
		scope, name, scoped := strings.Cut(c.Name, "/")
		if scoped {
			out.Group, out.Name = scope, name
			out.PackageURL = "pkg:npm/" + url.PathEscape(scope) + "/" + name + "@" + v.Number
		} else {
			out.PackageURL = "pkg:npm/" + c.Name + "@" + v.Number
		}
		out.PackageURL = strings.Replace(out.PackageURL, "pkg:npm/@", "pkg:npm/%40", 1)
	}
	out.BOMRef = out.PackageURL
	kind, sum, _ := strings.Cut(v.Hash, ":")
	if _, err := hex.DecodeString(sum); err == nil && sum != "" {
		algorithm := map[string]cdx.HashAlgorithm{"sha256": cdx.HashAlgoSHA256, "sha512": cdx.HashAlgoSHA512, "sha1": cdx.HashAlgoSHA1}[kind]
		out.Hashes = &[]cdx.Hash{{Algorithm: algorithm, Value: sum}}
	}
	return out
}

// named are the licences as the format has them: one of SPDX's names, or an expression of several.
func (c component) named() *cdx.Licenses {
	ids, _ := c.licenses()
	if len(ids) == 1 && !strings.Contains(ids[0], " ") {
		return &cdx.Licenses{{License: &cdx.License{ID: ids[0]}}}
	}
	for i, id := range ids {
		if strings.Contains(id, " OR ") {
			ids[i] = "(" + id + ")"
		}
	}
	return &cdx.Licenses{{Expression: strings.Join(ids, " AND ")}}
}
