#include "partner-service/customers/customer_identity.h"

#include <gmock/gmock.h>

#include <string>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Keys(const CustomerIdentity& identity) {
  std::vector<std::string> keys;
  for (const CustomerKey& key : KeysOf(identity)) keys.push_back(StrCat(NameOf(key.kind), ": ", key.key));
  return keys;
}

TEST(CustomerIdentityTest, SaysEverythingThatIsWrong) {
  EXPECT_OK(CheckIdentity({.names = {"Acme GmbH", "阿克米"},
                           .tax_ids = {{TaxIdType::kVat, "DE123456789"}},
                           .domains = {"acme.example", "www.Bücher.example."},
                           .addresses = {{"DE", "Hauptstr. 1, 10115 Berlin"}, {"", "Somewhere"}}}));
  const absl::Status status =
      CheckIdentity({.names = {"a", "b\nc"},
                     .tax_ids = {{TaxIdType::kEin, "1234"}},
                     .domains = {"acme.example", "localhost", "GMail.com", "10.0.0.1", "a b.example"},
                     .addresses = {{"de", "x\ty"}}});
  for (const char* field : {"names[1]", "tax_ids[0].value", "domains[1]", "domains[2]", "domains[3]", "domains[4]",
                            "addresses[0].country", "addresses[0].text"}) {
    EXPECT_THAT(status, Blames(field)) << field;
  }
}

// What is alike has one key; what is not has two.
TEST(CustomerIdentityTest, SpellingsOfOneHaveOneKey) {
  const struct {
    CustomerIdentity a, b;
    bool alike;
  } kCases[] = {
      {{.names = {"ACME Holding GmbH"}}, {.names = {"acme  holding, gmbh"}}, true},
      {{.names = {"Ａｃｍｅ　Ｈｏｌｄｉｎｇ"}}, {.names = {"Acme-Holding Ltd."}}, true},
      {{.names = {"上海渠成科技有限公司"}}, {.names = {"上海渠成科技股份有限公司"}}, true},
      {{.names = {"Acme Holding"}}, {.names = {"Acme Holdings"}}, false},
      {{.tax_ids = {{TaxIdType::kEin, "12-3456789"}}}, {.tax_ids = {{TaxIdType::kEin, "12-3456789"}}}, true},
      {{.tax_ids = {{TaxIdType::kOther, "ab 12/34"}}}, {.tax_ids = {{TaxIdType::kOther, "AB1234"}}}, true},
      {{.tax_ids = {{TaxIdType::kOther, "123456789"}}}, {.tax_ids = {{TaxIdType::kEin, "12-3456789"}}}, false},
      {{.domains = {"WWW.Acme.Example."}}, {.domains = {"acme.example"}}, true},
      {{.domains = {"bücher.example"}}, {.domains = {"xn--bcher-kva.example"}}, true},
      {{.domains = {"shop.acme.example"}}, {.domains = {"acme.example"}}, false},
      {{.domains = {"www.example"}}, {.domains = {"example.example"}}, false},
      {{.addresses = {{"DE", "Hauptstr. 1, 10115 Berlin"}}}, {.addresses = {{"DE", "hauptstr 1  10115 BERLIN"}}}, true},
      {{.addresses = {{"DE", "Hauptstr. 1"}}}, {.addresses = {{"AT", "Hauptstr. 1"}}}, false},
  };
  for (const auto& c : kCases) {
    ASSERT_EQ(KeysOf(c.a).size(), 1u);
    ASSERT_EQ(KeysOf(c.b).size(), 1u);
    SCOPED_TRACE(StrCat(KeysOf(c.a)[0].given, " / ", KeysOf(c.b)[0].given));
    EXPECT_EQ(Keys(c.a) == Keys(c.b), c.alike);
  }
}

TEST(CustomerIdentityTest, EachKeyIsThereOnce) {
  const CustomerIdentity identity{
      .names = {"Acme", "ACME Ltd", "Zenith", "---"},
      .tax_ids = {{TaxIdType::kOther, "a-1"}, {TaxIdType::kOther, "A1"}, {TaxIdType::kOther, "-"}},
      .domains = {"acme.example", "www.acme.example"}};
  EXPECT_THAT(Keys(identity),
              ElementsAre("TAX_ID: OTHER A1", "DOMAIN: acme.example", "NAME: acme", "NAME: zenith", "NAME: ---"));
  EXPECT_EQ(KeysOf(identity)[0].given, "a-1");
  EXPECT_THAT(KeysOf(CustomerIdentity{}), IsEmpty());
}

TEST(CustomerIdentityTest, WhoAsksNeedNotKnowTypeAndCountry) {
  std::vector<std::string> keys;
  for (const CustomerKey& key : KeysOf(CustomerQuery{.names = {"Acme Ltd"},
                                .tax_ids = {"de 123-456-789"},
                                .domains = {"www.acme.example"},
                                .addresses = {"GB 1 Quay Street", "Somewhere"}})) {
    keys.push_back(key.key);
  }
  EXPECT_THAT(keys, ElementsAre("CN_USCC DE123456789", "VAT DE123456789", "EIN DE123456789", "OTHER DE123456789",
                                "acme.example", "acme", " gb1quaystreet", "GB 1quaystreet", " somewhere"));
  EXPECT_THAT(CheckQuery({}), Blames("names"));
  EXPECT_THAT(CheckQuery({.domains = {"qq.com"}}), Blames("domains[0]"));
  EXPECT_THAT(CheckQuery({.tax_ids = {"a\nb"}}), Blames("tax_ids[0]"));
  EXPECT_THAT(CheckQuery({.addresses = {"a\nb"}}), Blames("addresses[0]"));
}

}  // namespace
}  // namespace tributary::partner
