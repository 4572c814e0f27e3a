#include "tests/matching/sample_names.h"

#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tributary::matching_quality {
namespace {

constexpr std::array<std::string_view, 60> kSyllables = {
    "ba",  "ber", "bo",  "bra", "ca",  "cen", "chi", "co",  "cra", "da",  "del", "di", "dor", "el",  "fa",
    "fer", "fi",  "for", "ga",  "gen", "go",  "gra", "ha",  "hel", "in",  "ja",  "jo", "ka",  "kel", "ko",
    "la",  "len", "li",  "lo",  "ma",  "mer", "mi",  "mo",  "na",  "nel", "no",  "or", "pa",  "per", "pi",
    "qua", "ra",  "ri",  "ro",  "sa",  "sen", "so",  "sta", "ta",  "ter", "tri", "va", "ver", "vi",  "zo"};
constexpr std::array<std::string_view, 40> kTrades = {
    "Trading",      "Electronics", "Technologies",  "Systems",  "Logistics", "Foods",      "Chemicals",  "Machinery",
    "Engineering",  "Software",    "Industries",    "Holdings", "Solutions", "Consulting", "Motors",     "Plastics",
    "Textiles",     "Instruments", "Packaging",     "Pharma",   "Medical",   "Energy",     "Steel",      "Paper",
    "Furniture",    "Optics",      "Robotics",      "Shipping", "Retail",    "Wholesale",  "Automotive", "Aviation",
    "Construction", "Materials",   "Semiconductor", "Networks", "Media",     "Publishing", "Services",   "Group"};
constexpr std::array<std::string_view, 20> kPlaces = {
    "International", "Europe", "Asia",  "Shanghai", "Germany", "France", "Italia", "UK",     "Nordic",  "Pacific",
    "America",       "India",  "Japan", "Taiwan",   "Korea",   "Canada", "Brasil", "Mexico", "Holland", "Global"};
constexpr std::array<std::string_view, 12> kForms = {"Ltd.", "Co., Ltd.", "GmbH", "Inc.",   "S.A.",    "B.V.",
                                                     "LLC",  "AG",        "PLC",  "S.r.l.", "Limited", "Corporation"};

template <size_t n>
std::string_view Pick(const std::array<std::string_view, n>& from, std::mt19937* random) {
  return from[(*random)() % n];
}

}  // namespace

std::vector<std::string> SampleNames(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::string> own(40'000);
  for (std::string& word : own) {
    for (size_t n = 2 + random() % 3; n > 0; --n) word += Pick(kSyllables, &random);
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  }
  // The k-th word comes about 1/k as often as the first.
  const auto pick_own = [&] {
    const double place =
        std::exp(static_cast<double>(random()) / 4294967296.0 * std::log(static_cast<double>(own.size())));
    return own[static_cast<size_t>(place) % own.size()];
  };
  std::unordered_set<std::string> seen;
  std::vector<std::string> names;
  while (names.size() < count) {
    std::string name = pick_own();
    if (random() % 5 < 3) name += " " + pick_own();
    name += " " + std::string(Pick(kTrades, &random));
    if (random() % 3 == 0) name += " " + std::string(Pick(kPlaces, &random));
    if (!seen.insert(name).second) continue;
    names.push_back(std::move(name) + " " + std::string(Pick(kForms, &random)));
  }
  return names;
}

std::string WithSlips(std::string name, int slips, std::mt19937* random) {
  for (; slips > 0; --slips) {
    const size_t at = (*random)() % (name.size() - 1);
    const char letter = static_cast<char>('a' + (*random)() % 26);
    switch ((*random)() % 4) {
      case 0:
        name[at] = letter;
        break;
      case 1:
        name.erase(at, 1);
        break;
      case 2:
        name.insert(at, 1, letter);
        break;
      default:
        std::swap(name[at], name[at + 1]);
    }
  }
  return name;
}

}  // namespace tributary::matching_quality
