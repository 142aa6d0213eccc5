"""How second factors are kept: sealed with the installation's keys, as every other secret is."""

from allauth.mfa.adapter import DefaultMFAAdapter

from balai.ground.secrets import reveal, seal


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth keeps TOTP secrets and the seed of recovery codes as we hand them over."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return reveal(encrypted_text)
