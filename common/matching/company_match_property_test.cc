// Any Unicode, in any order: the same decision both ways round, however often, from a limited effort.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/matching/company_match.h"
#include "common/matching/customer_name.h"
#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

class Names {
 public:
  std::string Any() {
    std::string name;
    const size_t pieces = 1 + random_() % 5;
    for (size_t i = 0; i < pieces; ++i) {
      if (random_() % 4 == 0) {
        name += AnyCharacter();
      } else {
        name += kPieces[random_() % kPieces.size()];
      }
      if (random_() % 2 == 0) name += kGaps[random_() % kGaps.size()];
    }
    // Sometimes bytes that are no text.
    if (random_() % 20 == 0 && !name.empty()) name[random_() % name.size()] = static_cast<char>(random_());
    return name;
  }
  CompanyDescription Company() {
    CompanyDescription company;
    for (size_t n = random_() % 3; n > 0; --n) company.names.push_back(Any());
    const auto maybe = [&](std::vector<std::string>* all, const std::vector<std::string>& from) {
      for (size_t n = random_() % 3; n > 0; --n) all->push_back(from[random_() % from.size()]);
    };
    maybe(&company.tax_ids, {"DE136695976", "DE811569869", "91350100M000100Y43", "12345678", "x", ""});
    maybe(&company.domains, {"example.com", "www.example.com", "example.co.uk", "gmail.com", "!", ""});
    maybe(&company.phones, {"+44 20 7946 0000", "020 79460000", "1234567", "7946", ""});
    maybe(&company.addresses, {"12 Quay St", "12 Quay Street Bristol", "中山北路二段113號", "中山北路2段115號", ""});
    return company;
  }
  void Shuffle(CompanyDescription* company) {
    for (auto* all : {&company->names, &company->tax_ids, &company->domains, &company->phones, &company->addresses}) {
      std::shuffle(all->begin(), all->end(), random_);
      if (!all->empty() && random_() % 2 == 0) all->push_back(all->front());
    }
  }

 private:
  std::string AnyCharacter() {
    char32_t c = random_() % 0x3000;
    if (random_() % 3 == 0) c = 0x4e00 + random_() % 0x5200;
    if (random_() % 9 == 0) c = 0x1f000 + random_() % 0xfff;
    if (c < 0x80) return std::string(1, static_cast<char>(c));
    if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
    if (c < 0x10000) {
      return {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 63)),
              static_cast<char>(0x80 | (c & 63))};
    }
    return {static_cast<char>(0xf0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 63)),
            static_cast<char>(0x80 | ((c >> 6) & 63)), static_cast<char>(0x80 | (c & 63))};
  }

  std::mt19937 random_{20260703};
  const std::vector<std::string> kPieces = {
      "contoso",      "Contosa", "kontoso", "fab",  "fabri",         "fabrikam", "a",     "b",       "aa",   "aaa",
      "aab",          "12",      "13",      "Inc",  "B.V.",          "的",       "台灣",  "台湾",    "水泥", "泥",
      "股份有限公司", "Ромашка", "ко",      "한빛", "international", "intl",     "group", "holding", "of",   "&",
      "ｆｕｌｌ"};
  const std::vector<std::string> kGaps = {" ", "-", ", ", ".", "'", " (", "\xE3\x80\x80", ""};
};

bool SameButSwapped(const CompanyMatch& x, const CompanyMatch& y) {
  if (x.decision != y.decision || x.rule != y.rule || x.centibans != y.centibans ||
      x.features.size() != y.features.size()) {
    return false;
  }
  for (size_t i = 0; i < x.features.size(); ++i) {
    FeatureMatch swapped = y.features[i];
    std::swap(swapped.a, swapped.b);
    // Of two pairs of texts that are each other's mirror, either may be named.
    if (x.features[i] != swapped && x.features[i] != y.features[i]) return false;
  }
  return true;
}

TEST(CompanyMatchPropertyTest, SymmetricAndOrderFree) {
  Names names;
  for (int i = 0; i < 4000; ++i) {
    CompanyDescription a = names.Company(), b = names.Company();
    const CompanyMatch match = Compare(a, b);
    ASSERT_TRUE(SameButSwapped(match, Compare(b, a))) << i;
    names.Shuffle(&a);
    names.Shuffle(&b);
    const CompanyMatch again = Compare(a, b);
    ASSERT_EQ(again.centibans, match.centibans) << i;
    ASSERT_EQ(again.features, match.features) << i;
    ASSERT_EQ(again.decision, match.decision) << i;
  }
}

TEST(CompanyMatchPropertyTest, NamesAreAlikeBothWaysRound) {
  Names names;
  for (int i = 0; i < 20000; ++i) {
    const NameParts a(names.Any()), b(names.Any());
    const NameLikeness likeness = Compare(a, b);
    ASSERT_EQ(Compare(b, a), likeness) << i;
    ASSERT_GE(likeness.permille, 0);
    ASSERT_LE(likeness.permille, 1000);
    ASSERT_EQ(Compare(a, a).permille, a.view().text.empty() ? 0 : 1000) << i;
  }
}

// More of the same evidence never speaks against it.
TEST(CompanyMatchPropertyTest, AnEqualTaxNumberDecides) {
  Names names;
  for (int i = 0; i < 1000; ++i) {
    CompanyDescription a = names.Company(), b = names.Company();
    a.tax_ids.emplace_back("91350100M000100Y43");
    b.tax_ids.emplace_back("9135 0100 M000 100Y43");
    ASSERT_EQ(Compare(a, b).decision, Decision::kSame) << i;
  }
}

TEST(CompanyMatchPropertyTest, KeysAreTheirOwnKeys) {
  Names names;
  for (int i = 0; i < 20000; ++i) {
    const std::string a = names.Any(), b = names.Any();
    ASSERT_EQ(SameName(a, b), SameName(b, a)) << i;
    ASSERT_EQ(SameName(a, a), !KeyOf(a).key.empty()) << i;
  }
}

}  // namespace
}  // namespace tributary::matching
