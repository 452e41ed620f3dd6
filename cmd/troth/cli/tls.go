package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// tlsFlags ask for TLS: with a certificate of the user, or a self-signed one.
type tlsFlags struct {
	selfSigned bool
	cert, key  string
	out        string
}

func (f *tlsFlags) flags(c *cobra.Command) {
	c.Flags().BoolVar(&f.selfSigned, "tls", false, "serve HTTPS with a self-signed certificate for localhost and this machine")
	c.Flags().StringVar(&f.cert, "tls-cert", "", "serve HTTPS with the certificate in `FILE` (PEM), and --tls-key")
	c.Flags().StringVar(&f.key, "tls-key", "", "`FILE` of the certificate's key (PEM)")
	c.Flags().StringVar(&f.out, "tls-out", "", "write the self-signed certificate to `FILE` (PEM), for clients that are to trust it")
}

// certificate is nil where no TLS is asked for. told is what the greeting says of it.
func (f *tlsFlags) certificate() (c *tls.Certificate, told []string, err error) {
	switch {
	case f.selfSigned && f.cert != "":
		return nil, nil, errors.New("--tls and --tls-cert: want one of them")
	case (f.cert == "") != (f.key == ""):
		return nil, nil, errors.New("--tls-cert and --tls-key: want both")
	case f.out != "" && !f.selfSigned:
		return nil, nil, errors.New("--tls-out: there is no self-signed certificate without --tls")
	case f.cert != "":
		pair, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return nil, nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", f.cert, f.key, err)
		}
		return &pair, nil, nil
	case !f.selfSigned:
		return nil, nil, nil
	}
	if c, err = selfSigned(time.Now()); err != nil {
		return nil, nil, fmt.Errorf("--tls: %w", err)
	}
	told = []string{fmt.Sprintf("self-signed certificate, SHA-256 %x", sha256.Sum256(c.Certificate[0]))}
	if f.out != "" {
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})
		if err := os.WriteFile(f.out, text, 0o644); err != nil {
			return nil, nil, fmt.Errorf("--tls-out: %w", err)
		}
		told = append(told, "written to "+f.out+": curl --cacert "+shellWord(f.out))
	}
	return c, told, nil
}

// certificateLife is short: the key is thrown away with the process.
const certificateLife = 90 * 24 * time.Hour

// selfSigned makes a certificate for localhost, the loopback addresses and this machine's name.
func selfSigned(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "troth mock"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		template.DNSNames = append(template.DNSNames, name)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
