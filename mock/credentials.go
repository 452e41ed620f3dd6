package mock

// Credentials are what clients authenticate with.
type Credentials struct {
	Users   map[string]string // password by user, for basic and digest
	Clients map[string]string // secret by client, for OAuth2 client credentials
	Tokens  []string          // bearer tokens that are accepted beside those that the token endpoint issued
	Keys    []string          // API keys
}

// DefaultCredentials are user public:private, client client:secret, bearer token "token" and API key "key".
func DefaultCredentials() Credentials {
	return Credentials{
		Users:   map[string]string{"public": "private"},
		Clients: map[string]string{"client": "secret"},
		Tokens:  []string{"token"},
		Keys:    []string{"key"},
	}
}

// empty tells whether nothing was given, so that the defaults hold.
func (c *Credentials) empty() bool {
	return len(c.Users) == 0 && len(c.Clients) == 0 && len(c.Tokens) == 0 && len(c.Keys) == 0
}
