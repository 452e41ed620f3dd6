package mock

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"troth/openapi"
	"troth/openapi/schema"
)

// blobs make the smallest file of a media type: a client that opens what it downloads can.
var blobs = map[string]func(*bytes.Buffer) error{
	"image/png":        func(b *bytes.Buffer) error { return png.Encode(b, image.NewGray(image.Rect(0, 0, 1, 1))) },
	"image/jpeg":       func(b *bytes.Buffer) error { return jpeg.Encode(b, image.NewGray(image.Rect(0, 0, 1, 1)), nil) },
	"image/gif":        func(b *bytes.Buffer) error { return gif.Encode(b, image.NewGray(image.Rect(0, 0, 1, 1)), nil) },
	"application/zip":  func(b *bytes.Buffer) error { return zip.NewWriter(b).Close() },
	"application/gzip": func(b *bytes.Buffer) error { return gzip.NewWriter(b).Close() },
	"application/pdf":  writes("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
	"image/svg+xml":    writes(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`),
	"text/html":        writes("<!DOCTYPE html>\n<title>troth</title>\n"),
}

func writes(text string) func(*bytes.Buffer) error {
	return func(b *bytes.Buffer) error { _, err := b.WriteString(text); return err }
}

// blob is a file of the content's media type, nil where none is known or the schema refuses its bytes.
func blob(c *openapi.Content) []byte {
	write := blobs[c.Type.Type+"/"+c.Type.Subtype]
	var b bytes.Buffer
	if write == nil || write(&b) != nil {
		return nil
	}
	if c.Schema != nil && !c.Schema.Valid(b.String(), schema.Response) {
		return nil
	}
	return b.Bytes()
}
