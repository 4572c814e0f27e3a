#include "common/matching/name_index.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

NameIndex Of(const std::vector<std::string>& names) {
  NameIndex index;
  for (size_t i = 0; i < names.size(); ++i) index.Insert(i, NameParts(names[i]));
  return index;
}

std::vector<uint64_t> Ids(const NameIndex& index, const std::string& name, int least = 600, size_t most = 10) {
  std::vector<uint64_t> ids;
  for (const NameHit& hit : index.Find(NameParts(name), least, most)) ids.push_back(hit.id);
  return ids;
}

TEST(NameIndexTest, FindsWhatIsAlike) {
  const NameIndex index = Of({"Contoso Lighting GmbH", "Fabrikam Trading Co., Ltd.", "臺灣水泥股份有限公司", "台積電",
                              "京城商業銀行股份有限公司", "ООО Ромашка", "Contoso"});
  struct Case {
    std::string asked;
    std::vector<uint64_t> ids;
  };
  for (const Case& c : std::vector<Case>{
           {"Contsoo Lihgting", {0}},
           {"CONTOSO LIGHTING AG", {0, 6}},
           {"Lighting Contoso", {0, 6}},
           {"Fabrikm Tradig Co Ltd", {1}},
           {"台泥", {2}},
           {"台湾水泥", {2}},
           {"台灣積體電路製造股份有限公司", {3}},
           {"京城銀", {4}},
           {"Romashka", {5}},
           {"Taiwan Shuini", {2}},
           {"Northwind", {}},
           {"", {}},
       }) {
    EXPECT_EQ(Ids(index, c.asked), c.ids) << c.asked;
  }
  EXPECT_THAT(Ids(index, "CONTOSO LIGHTING AG", 600, 1), ElementsAre(0));
  EXPECT_THAT(Ids(index, "CONTOSO LIGHTING AG", 1000), ElementsAre(0));
}

TEST(NameIndexTest, AnIdMayHaveSeveralNames) {
  NameIndex index;
  index.Insert(7, NameParts("Contoso"));
  index.Insert(7, NameParts("Contosa"));
  index.Insert(8, NameParts("Contoso Group"));
  EXPECT_EQ(index.size(), 3U);
  EXPECT_THAT(Ids(index, "Contoso"), ElementsAre(7, 8));
  index.Erase(7);
  EXPECT_EQ(index.size(), 1U);
  EXPECT_THAT(Ids(index, "Contoso"), ElementsAre(8));
  index.Erase(7);
  index.Erase(9);
  index.Insert(7, NameParts("Contoso"));
  EXPECT_THAT(Ids(index, "Contoso"), ElementsAre(7, 8));
}

// However many names are closer.
TEST(NameIndexTest, NobodyIsCrowdedOutWhereAllAreWanted) {
  NameIndex index = Of({"Contoso", "臺灣水泥"});
  for (uint64_t i = 0; i < 60; ++i) {
    const std::string own = {'Q', 'u', static_cast<char>('a' + i / 26), 'x', static_cast<char>('a' + i % 26)};
    index.Insert(1000 + i, NameParts("Contoso Trading " + own));
  }
  for (uint64_t i = 0; i < 300; ++i) {
    // U+5000 and so on, in UTF-8.
    const std::string own = {'\xe5', static_cast<char>(0x80 + i / 64), static_cast<char>(0x80 + i % 64)};
    index.Insert(2000 + i, NameParts("台" + own + "泥"));
  }
  const auto all = [&](const std::string& name) {
    std::vector<uint64_t> ids;
    for (const NameHit& hit : index.FindAll(NameParts(name), 600)) ids.push_back(hit.id);
    return ids;
  };
  EXPECT_THAT(Ids(index, "Contoso Trading", 600, 1000), Not(Contains(0)));
  EXPECT_THAT(all("Contoso Trading"), Contains(0));
  EXPECT_EQ(all("Contoso Trading").size(), 61U);
  EXPECT_THAT(all("台泥"), Contains(1));
  EXPECT_THAT(all(""), IsEmpty());
}

// Against a look at every name: who shares more than half of what the words tell, however many have each of them.
TEST(NameIndexTest, AllThatShareMostOfItsWordsAreFound) {
  std::mt19937 random(20260708);
  const std::vector<std::string> own = {"Bravanto", "Celindor", "Dorvalis", "Ferwanti", "Galmondo", "Helvatis"};
  const std::vector<std::string> trades = {"Trading", "Electronics", "Logistics", "International"};
  const auto any_name = [&] {
    std::string name = own[std::min(random() % own.size(), random() % own.size())];
    if (random() % 2 == 0) name += " " + own[random() % own.size()];
    for (size_t words = random() % 3; words > 0; --words) name += " " + trades[random() % trades.size()];
    return name;
  };
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back(any_name());
  const NameIndex index = Of(names);
  for (int i = 0; i < 50; ++i) {
    const NameParts asked(any_name());
    std::vector<uint64_t> found;
    for (const NameHit& hit : index.FindAll(asked, 1)) found.push_back(hit.id);
    int telling = 0;
    for (const NameWord& word : asked.view().words) telling += word.weight > 15 ? word.weight : 0;
    for (size_t id = 0; id < names.size(); ++id) {
      const NameParts other(names[id]);
      int shared = 0;
      for (const NameWord& word : asked.view().words) {
        const auto same = [&](const NameWord& its) { return its.hash == word.hash && its.weight > 15; };
        const auto words = other.view().words;
        if (word.weight > 15 && std::any_of(words.begin(), words.end(), same)) shared += word.weight;
      }
      if (2 * shared > telling) EXPECT_THAT(found, Contains(id)) << names[id];
    }
  }
}

std::string AnyName(std::mt19937* random) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  std::string name;
  for (size_t words = 2 + (*random)() % 2; words > 0; --words) {
    for (size_t n = 4 + (*random)() % 6; n > 0; --n) name += kLetters[(*random)() % kLetters.size()];
    name += ' ';
  }
  return name;
}

// Two slips anywhere: never lost, and as likely as Compare says.
TEST(NameIndexTest, TwoSlipsAreFound) {
  std::mt19937 random(20260705);
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back(AnyName(&random) + "Ltd");
  const NameIndex index = Of(names);
  int lost = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string slip = names[i];
    slip[random() % slip.size()] = 'x';
    const size_t at = random() % (slip.size() - 1);
    if (random() % 2 == 0) {
      slip.erase(at, 1);
    } else {
      std::swap(slip[at], slip[at + 1]);
    }
    const NameLikeness likeness = Compare(NameParts(slip), NameParts(names[i]));
    const std::vector<NameHit> hits = index.Find(NameParts(slip), 500, 20);
    const auto found = std::find(hits.begin(), hits.end(), NameHit{i, likeness});
    lost += found == hits.end() ? 1 : 0;
    EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(), [](const NameHit& x, const NameHit& y) {
      return x.likeness.permille > y.likeness.permille;
    }));
  }
  EXPECT_LE(lost, 3);
}

// Whatever came and went, an index answers as a fresh one with what is left, and gives memory back.
TEST(NameIndexTest, ErasedNamesAreGone) {
  std::mt19937 random(20260706);
  NameIndex index;
  std::map<uint64_t, std::string> left;
  for (uint64_t id = 0; id < 6000; ++id) {
    left[id] = AnyName(&random);
    index.Insert(id, NameParts(left[id]));
  }
  const size_t full = index.bytes();
  for (uint64_t id = 0; id < 6000; ++id) {
    if (id % 5 == 0) continue;
    index.Erase(id);
    left.erase(id);
  }
  EXPECT_EQ(index.size(), left.size());
  EXPECT_LT(index.bytes(), full / 2);
  NameIndex fresh;
  for (const auto& [id, name] : left) fresh.Insert(id, NameParts(name));
  for (int i = 0; i < 500; ++i) {
    const NameParts name(i % 2 == 0 ? AnyName(&random) : std::next(left.begin(), i)->second);
    EXPECT_EQ(index.Find(name, 500, 10), fresh.Find(name, 500, 10));
  }
}

TEST(PostingsTest, KeepsListsInOrder) {
  std::mt19937 random(20260707);
  Postings postings;
  std::map<uint32_t, std::vector<uint32_t>> expected;
  for (uint32_t i = 0; i < 50'000; ++i) {
    const uint32_t key = random() % 3 == 0 ? random() % 20 : static_cast<uint32_t>(random());
    postings.Add(key, {i, key});
    expected[key].push_back(i);
  }
  for (const auto& [key, entries] : expected) {
    std::vector<uint32_t> kept;
    for (const Posting& posting : postings.Of(key)) kept.push_back(posting.entry);
    ASSERT_EQ(kept, entries);
  }
  EXPECT_THAT(postings.Of(21), IsEmpty());
}

}  // namespace
}  // namespace tributary::matching
