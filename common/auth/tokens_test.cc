#include "common/auth/tokens.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/auth/jose.h"
#include "common/status/status.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::auth {
namespace {

using nlohmann::json;

std::string Base64Url(std::string_view text) {
  std::string out;
  absl::WebSafeBase64Escape(Abseil(text), &out);
  return out;
}

// Signs anything with any key, as a forger or another issuer would.
std::string SignAny(cjose_jwk_t* key, const json& header, const std::string& claims) {
  const jose::Header raw(cjose_header_new(nullptr));
  for (const auto& [name, value] : header.items()) {
    EXPECT_TRUE(value.is_string()
                    ? cjose_header_set(raw.get(), name.c_str(), value.get_ref<const std::string&>().c_str(), nullptr)
                    : cjose_header_set_raw(raw.get(), name.c_str(), value.dump().c_str(), nullptr));
  }
  cjose_err error{};
  const jose::Jws jws(
      cjose_jws_sign(key, raw.get(), reinterpret_cast<const uint8_t*>(claims.data()), claims.size(), &error));
  const char* token = nullptr;
  if (jws == nullptr || !cjose_jws_export(jws.get(), &token, nullptr)) {
    ADD_FAILURE() << "cannot sign: " << (error.message == nullptr ? "" : error.message);
    return "";
  }
  return token;
}

// The last character of 64 bytes in base64url carries two bits; this one says the same in another way.
char OtherSpelling(char last) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.find(last) + 1];
}

json GoodClaims() {
  return {{"iss", "tributary"},
          {"aud", "tributary"},
          {"sub", "users/7"},
          {"nbf", absl::ToUnixSeconds(kNow)},
          {"exp", absl::ToUnixSeconds(kNow) + 600},
          {"roles", {"FINANCE"}}};
}

json PublicJwk(cjose_jwk_t* key, std::string_view kid, std::string_view alg) {
  const jose::Text text(cjose_jwk_to_json(key, false, nullptr));
  json jwk = json::parse(text.get());
  jwk["kid"] = kid;
  jwk["alg"] = alg;
  return jwk;
}

class TokensTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const uint8_t exponent[] = {1, 0, 1};
    ec_ = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr);
    other_ec_ = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr);
    rsa_ = cjose_jwk_create_RSA_random(2048, exponent, sizeof(exponent), nullptr);
    const json jwks = {
        {"keys", {PublicJwk(ec_, "ec", "ES256"), PublicJwk(rsa_, "rs", "RS256"), PublicJwk(rsa_, "ps", "PS256")}}};
    auto verifier = TokenVerifier::FromJwks(jwks.dump());
    ASSERT_TRUE(verifier.ok()) << verifier.status();
    verifier_ = verifier->release();
  }
  static void TearDownTestSuite() {
    delete verifier_;
    for (cjose_jwk_t* key : {ec_, other_ec_, rsa_}) cjose_jwk_release(key);
  }

  static Reason ReasonFor(const std::string& token, absl::Time now = kNow) {
    return ReasonOf(verifier_->Verify(token, now).status());
  }

  static inline cjose_jwk_t* ec_ = nullptr;
  static inline cjose_jwk_t* other_ec_ = nullptr;
  static inline cjose_jwk_t* rsa_ = nullptr;
  static inline TokenVerifier* verifier_ = nullptr;
};

TEST_F(TokensTest, EachAlgorithmIsTaken) {
  for (const auto& [kid, alg, key] : {std::tuple{"ec", "ES256", ec_}, {"rs", "RS256", rsa_}, {"ps", "PS256", rsa_}}) {
    const std::string token = SignAny(key, {{"alg", alg}, {"kid", kid}}, GoodClaims().dump());
    auto identity = verifier_->Verify(token, kNow);
    ASSERT_TRUE(identity.ok()) << alg << ": " << identity.status();
    EXPECT_EQ((*identity)->subject, "users/7");
    EXPECT_EQ((*identity)->roles, std::vector<api::v1::Role>{api::v1::FINANCE});
    EXPECT_FALSE((*identity)->IsPartnerUser());
  }
}

TEST_F(TokensTest, TimesAreChecked) {
  json claims = GoodClaims();
  claims["nbf"] = absl::ToUnixSeconds(kNow) + 100;
  const std::string token = SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump());
  EXPECT_EQ(ReasonFor(token, kNow), Reason::kUnauthenticated) << "not yet valid";
  EXPECT_TRUE(verifier_->Verify(token, kNow + absl::Seconds(100)).ok());
  EXPECT_TRUE(verifier_->Verify(token, kNow + absl::Seconds(599)).ok());
  EXPECT_EQ(ReasonFor(token, kNow), Reason::kUnauthenticated) << "also when it is remembered";
  EXPECT_EQ(ReasonFor(token, kNow + absl::Seconds(600)), Reason::kTokenExpired);
  EXPECT_EQ(ReasonFor(token, kNow + absl::Hours(600)), Reason::kTokenExpired);
}

TEST_F(TokensTest, AudienceMayBeAList) {
  json claims = GoodClaims();
  claims["aud"] = {"elsewhere", "tributary"};
  EXPECT_TRUE(verifier_->Verify(SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump()), kNow).ok());
  claims["aud"] = {"elsewhere", 7};
  EXPECT_EQ(ReasonFor(SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump())), Reason::kUnauthenticated);
}

TEST_F(TokensTest, PartnerUserIsBound) {
  json claims = GoodClaims();
  claims["roles"] = {"PARTNER_USER", "PARTNER_USER"};
  claims["partner"] = "acme";
  auto identity = verifier_->Verify(SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump()), kNow);
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_TRUE((*identity)->IsPartnerUser());
  EXPECT_EQ((*identity)->partner, "acme");
  EXPECT_EQ((*identity)->roles.size(), 1u);
}

TEST_F(TokensTest, ClaimsAreTyped) {
  struct Row {
    const char* what;
    const char* claim;
    json value;  // null: the claim is absent
    Reason want;
  };
  const int64_t now = absl::ToUnixSeconds(kNow);
  for (const Row& row : std::vector<Row>{
           {"wrong issuer", "iss", "someone", Reason::kUnauthenticated},
           {"issuer is a number", "iss", 7, Reason::kUnauthenticated},
           {"no issuer", "iss", nullptr, Reason::kUnauthenticated},
           {"wrong audience", "aud", "elsewhere", Reason::kUnauthenticated},
           {"no audience", "aud", nullptr, Reason::kUnauthenticated},
           {"empty audience", "aud", json::array(), Reason::kUnauthenticated},
           {"expired", "exp", now, Reason::kTokenExpired},
           {"expired long ago", "exp", 0, Reason::kTokenExpired},
           {"no exp", "exp", nullptr, Reason::kUnauthenticated},
           {"exp is a text", "exp", "1800000000", Reason::kUnauthenticated},
           {"exp is a fraction", "exp", 1.8e9 + 0.5, Reason::kUnauthenticated},
           {"exp beyond time", "exp", INT64_MAX, Reason::kUnauthenticated},
           {"exp beyond 64 bits", "exp", UINT64_MAX, Reason::kUnauthenticated},
           {"exp is negative", "exp", -1, Reason::kUnauthenticated},
           {"not yet valid", "nbf", now + 60, Reason::kUnauthenticated},
           {"nbf is a text", "nbf", "0", Reason::kUnauthenticated},
           {"no subject", "sub", nullptr, Reason::kUnauthenticated},
           {"empty subject", "sub", "", Reason::kUnauthenticated},
           {"long subject", "sub", std::string(256, 'x'), Reason::kUnauthenticated},
           {"no roles", "roles", nullptr, Reason::kUnauthenticated},
           {"empty roles", "roles", json::array(), Reason::kUnauthenticated},
           {"roles is a text", "roles", "FINANCE", Reason::kUnauthenticated},
           {"unknown role", "roles", {"FINANCE", "EMPEROR"}, Reason::kUnauthenticated},
           {"unspecified role", "roles", {"ROLE_UNSPECIFIED"}, Reason::kUnauthenticated},
           {"role as a number", "roles", {4}, Reason::kUnauthenticated},
           {"lower-case role", "roles", {"finance"}, Reason::kUnauthenticated},
           {"partner user without partner", "roles", {"PARTNER_USER"}, Reason::kUnauthenticated},
           {"partner without partner user", "partner", "acme", Reason::kUnauthenticated},
           {"partner is a list", "partner", {"acme"}, Reason::kUnauthenticated},
           {"partner is not an id", "partner", "partners/acme", Reason::kUnauthenticated},
           {"partner is empty", "partner", "", Reason::kUnauthenticated},
       }) {
    json claims = GoodClaims();
    if (row.value.is_null()) {
      claims.erase(row.claim);
    } else {
      claims[row.claim] = row.value;
    }
    const auto identity = verifier_->Verify(SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump()), kNow);
    EXPECT_EQ(ReasonOf(identity.status()), row.want) << row.what << ": " << identity.status();
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kUnauthenticated) << row.what;
  }
}

TEST_F(TokensTest, ForgeriesAreRefused) {
  const std::string claims = GoodClaims().dump();
  const std::string good = SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims);
  const size_t first = good.find('.');
  const size_t second = good.find('.', first + 1);
  json other = GoodClaims();
  other["roles"] = {"ADMINISTRATOR"};

  // What an attacker has: the public keys, as the bytes that a careless verifier would take for a shared secret.
  const auto secret = [](std::string_view bytes) {
    return jose::Key(cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), nullptr));
  };
  const std::string rsa_public = PublicJwk(rsa_, "rs", "RS256").dump();
  const std::string ec_public = PublicJwk(ec_, "ec", "ES256").dump();
  std::string modulus;
  absl::WebSafeBase64Unescape(PublicJwk(rsa_, "rs", "RS256")["n"].get<std::string>(), &modulus);
  const jose::Key rsa_secret = secret(rsa_public);
  const jose::Key modulus_secret = secret(modulus);
  const jose::Key ec_secret = secret(ec_public);

  struct Row {
    const char* what;
    std::string token;
  };
  for (const Row& row : std::vector<Row>{
           {"other claims under the signature",
            good.substr(0, first + 1) + Base64Url(other.dump()) + good.substr(second)},
           {"signature of another token",
            good.substr(0, second) + SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, other.dump()).substr(second)},
           {"cut signature", good.substr(0, good.size() - 4)},
           {"something behind the signature", good + "A"},
           {"more behind the signature", good + "AAAA"},
           {"padding behind the signature", good + "=="},
           {"another spelling of the signature", good.substr(0, good.size() - 1) + OtherSpelling(good.back())},
           {"a fourth part", good + ".AAAA"},
           {"space behind", good + " "},
           {"no signature", good.substr(0, second + 1)},
           {"no signature part", good.substr(0, second)},
           {"zero signature", good.substr(0, second + 1) + Base64Url(std::string(64, '\0'))},
           {"another key under the same kid", SignAny(other_ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims)},
           {"unknown kid", SignAny(other_ec_, {{"alg", "ES256"}, {"kid", "own"}}, claims)},
           {"no kid", SignAny(ec_, {{"alg", "ES256"}}, claims)},
           {"kid is a number", Base64Url(R"({"alg":"ES256","kid":1})") + good.substr(first)},
           {"own key in the header",
            SignAny(other_ec_, {{"alg", "ES256"}, {"kid", "ec"}, {"jwk", PublicJwk(other_ec_, "ec", "ES256")}},
                    claims)},
           {"alg none", Base64Url(R"({"alg":"none","kid":"ec"})") + "." + Base64Url(claims) + "."},
           {"alg None with a signature",
            Base64Url(R"({"alg":"None","kid":"ec"})") + "." + Base64Url(claims) + good.substr(second)},
           {"no alg", Base64Url(R"({"kid":"ec"})") + "." + Base64Url(claims) + good.substr(second)},
           {"HS256 by the RSA key's text", SignAny(rsa_secret.get(), {{"alg", "HS256"}, {"kid", "rs"}}, claims)},
           {"HS256 by the RSA modulus", SignAny(modulus_secret.get(), {{"alg", "HS256"}, {"kid", "rs"}}, claims)},
           {"HS256 by the EC key's text", SignAny(ec_secret.get(), {{"alg", "HS256"}, {"kid", "ec"}}, claims)},
           {"the key's other algorithm", SignAny(rsa_, {{"alg", "PS256"}, {"kid", "rs"}}, claims)},
           {"RS512", SignAny(rsa_, {{"alg", "RS512"}, {"kid", "rs"}}, claims)},
           {"unknown crit", SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}, {"crit", json::array({"b64"})}}, claims)},
           {"claims are not JSON", SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, "roles=FINANCE")},
           {"claims are a list", SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, "[]")},
           {"empty", ""},
           {"garbage", "garbage"},
           {"dots", "..."},
           {"binary", std::string("\x00\xff\x80.\x01.\x02", 7)},
           {"100 KB of a", std::string(100 * 1024, 'a')},
           {"100 KB in parts",
            std::string(50 * 1024, 'a') + "." + std::string(25 * 1024, 'b') + "." + std::string(25 * 1024, 'c')},
       }) {
    const auto identity = verifier_->Verify(row.token, kNow);
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kUnauthenticated) << row.what;
    EXPECT_EQ(ReasonOf(identity.status()), Reason::kUnauthenticated) << row.what << ": " << identity.status();
  }
  EXPECT_TRUE(verifier_->Verify(good, kNow).ok()) << "the token that the forgeries were made of";
}

TEST_F(TokensTest, KeySetsThatAreNotSafeAreRefused) {
  json private_jwk = json::parse(jose::Text(cjose_jwk_to_json(ec_, true, nullptr)).get());
  private_jwk["kid"] = "ec";
  private_jwk["alg"] = "ES256";
  const uint8_t exponent[] = {1, 0, 1};
  const jose::Key small(cjose_jwk_create_RSA_random(1024, exponent, sizeof(exponent), nullptr));
  json for_encryption = PublicJwk(ec_, "ec", "ES256");
  for_encryption["use"] = "enc";
  const auto set = [](const std::vector<json>& keys) { return json{{"keys", keys}}.dump(); };
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"not JSON", "keys"},
      {"no keys", R"({"keys": []})"},
      {"a list", "[]"},
      {"a private key", set({private_jwk})},
      {"a shared secret", R"({"keys":[{"kty":"oct","k":"AAAA","kid":"a","alg":"HS256"}]})"},
      {"EC key with an RSA algorithm", set({PublicJwk(ec_, "a", "RS256")})},
      {"RSA key with the EC algorithm", set({PublicJwk(rsa_, "a", "ES256")})},
      {"another algorithm", set({PublicJwk(rsa_, "a", "RS512")})},
      {"no kid", set({PublicJwk(ec_, "", "ES256")})},
      {"one kid twice", set({PublicJwk(ec_, "a", "ES256"), PublicJwk(other_ec_, "a", "ES256")})},
      {"a short RSA key", set({PublicJwk(small.get(), "a", "RS256")})},
      {"a key for encryption", set({for_encryption})},
      {"a broken point", R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a","alg":"ES256"}]})"},
  };
  for (const auto& [what, text] : rows) {
    EXPECT_EQ(TokenVerifier::FromJwks(text).status().code(), absl::StatusCode::kInvalidArgument) << what;
  }
}

TEST_F(TokensTest, SignerAndVerifierAgree) {
  auto pair = TokenSigner::NewKeyPair("2024-01");
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_EQ(json::parse(pair->public_jwks)["keys"][0].count("d"), 0u) << "the public half holds no secret";
  auto signer = TokenSigner::FromJwk(pair->private_jwk);
  ASSERT_TRUE(signer.ok()) << signer.status();
  auto verifier = TokenVerifier::FromJwks(pair->public_jwks);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  const Identity wanted{"services/inventory", {api::v1::SERVICE, api::v1::PARTNER_USER}, "acme-1"};
  auto token = (*signer)->Sign(wanted, kNow, absl::Minutes(5));
  ASSERT_TRUE(token.ok()) << token.status();
  auto got = (*verifier)->Verify(*token, kNow);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ((*got)->subject, wanted.subject);
  EXPECT_EQ((*got)->roles, wanted.roles);
  EXPECT_EQ((*got)->partner, wanted.partner);
  EXPECT_EQ((*verifier)->Verify(*token, kNow)->get(), got->get()) << "the second look is remembered";
  EXPECT_EQ(ReasonOf((*verifier)->Verify(*token, kNow + absl::Minutes(5)).status()), Reason::kTokenExpired);
  EXPECT_EQ(ReasonFor(*token), Reason::kUnauthenticated) << "a verifier with other keys";
}

TEST_F(TokensTest, SignerWantsAPrivateKeyAndDoesNotQuoteIt) {
  auto pair = TokenSigner::NewKeyPair("k");
  ASSERT_TRUE(pair.ok());
  json without_kid = json::parse(pair->private_jwk);
  without_kid.erase("kid");
  json public_half = json::parse(pair->public_jwks)["keys"][0];
  json broken = json::parse(pair->private_jwk);
  broken["x"] = "AA";
  for (const std::string& text : {std::string("secret"), std::string("[1]"), without_kid.dump(), public_half.dump(),
                                  broken.dump(), PublicJwk(rsa_, "a", "RS256").dump()}) {
    const absl::Status status = TokenSigner::FromJwk(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(std::string(status.message()).find("secret"), std::string::npos);
  }
  EXPECT_FALSE(TokenSigner::NewKeyPair("").ok());
}

TEST_F(TokensTest, ManyThreadsVerify) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 8; ++i) {
    json claims = GoodClaims();
    claims["sub"] = "users/" + std::to_string(i);
    tokens.push_back(SignAny(ec_, {{"alg", "ES256"}, {"kid", "ec"}}, claims.dump()));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        for (size_t i = 0; i < tokens.size(); ++i) {
          auto identity = verifier_->Verify(tokens[i], kNow);
          ASSERT_TRUE(identity.ok()) << identity.status();
          ASSERT_EQ((*identity)->subject, "users/" + std::to_string(i));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tributary::auth
