#include "common/matching/company_match.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/matching/domain.h"

namespace tributary::matching {
namespace {

// Centibans.
constexpr int kTaxIdEqual = 900, kTaxIdEqualUnchecked = 600, kTaxIdsDiffer = -400;
constexpr int kDomainEqual = 350, kDomainsDiffer = -30;
constexpr int kPhoneEqual = 300, kPhonesDiffer = -40;
constexpr int kAddressEqual = 260, kAddressAlike = 150, kAddressesDiffer = -80;

// Between these points, a straight line.
struct Point {
  int likeness, centibans;
};
constexpr auto kNameEvidence = std::to_array<Point>({{0, -350},
                                                     {300, -300},
                                                     {500, -200},
                                                     {600, -120},
                                                     {700, -20},
                                                     {750, 60},
                                                     {800, 140},
                                                     {850, 230},
                                                     {900, 330},
                                                     {950, 430},
                                                     {1000, 550}});

// A name of words that many have says less.
int Damped(int centibans, int weight) {
  return centibans <= 0 ? centibans : centibans * std::min(100, 20 + weight * 4 / 5) / 100;
}

}  // namespace

int EvidenceOf(const NameLikeness& likeness) {
  for (size_t i = 1; i < kNameEvidence.size(); ++i) {
    const Point &low = kNameEvidence[i - 1], &high = kNameEvidence[i];
    if (likeness.permille > high.likeness) continue;
    return Damped(low.centibans + (high.centibans - low.centibans) * (likeness.permille - low.likeness) /
                                      (high.likeness - low.likeness),
                  likeness.weight);
  }
  return 0;
}

// The best of all pairs; of equal ones that with the smallest texts, the same for (a, b) and (b, a).
struct Comparer {
  template <typename Part, typename Judge>
  static std::optional<FeatureMatch> Best(const std::vector<CompanyParts::Given<Part>>& all_a,
                                          const std::vector<CompanyParts::Given<Part>>& all_b, const Judge& judge) {
    std::optional<FeatureMatch> best;
    const auto texts = [](const FeatureMatch& match) { return std::minmax(match.a, match.b); };
    for (const auto& a : all_a) {
      for (const auto& b : all_b) {
        FeatureMatch match = judge(a.part, b.part);
        match.a = a.text;
        match.b = b.text;
        if (!best || match.centibans > best->centibans ||
            (match.centibans == best->centibans && texts(match) < texts(*best))) {
          best = std::move(match);
        }
      }
    }
    return best;
  }

  static FeatureMatch OfNames(const NameLikeness& likeness) {
    return {.feature = Feature::kName,
            .likeness = likeness.permille,
            .name_rule = likeness.rule,
            .centibans = EvidenceOf(likeness)};
  }
  static FeatureMatch Names(const NameParts& a, const NameParts& b) { return OfNames(Compare(a, b)); }
  static FeatureMatch TaxIds(const TaxNumber& a, const TaxNumber& b) {
    FeatureMatch match{.feature = Feature::kTaxId};
    if (a == b) {
      match.likeness = 1000;
      match.centibans = a.checked ? kTaxIdEqual : kTaxIdEqualUnchecked;
    } else if (a.checked && b.checked && a.scheme == b.scheme) {
      match.centibans = kTaxIdsDiffer;
    }
    return match;
  }
  static FeatureMatch Domains(const std::string& a, const std::string& b) {
    return {.feature = Feature::kDomain,
            .likeness = a == b ? 1000 : 0,
            .centibans = a == b ? kDomainEqual : kDomainsDiffer};
  }
  static FeatureMatch Phones(const std::string& a, const std::string& b) {
    const bool same = SamePhone(a, b);
    return {.feature = Feature::kPhone, .likeness = same ? 1000 : 0, .centibans = same ? kPhoneEqual : kPhonesDiffer};
  }
  static FeatureMatch Addresses(const AddressParts& a, const AddressParts& b) {
    const int likeness = AddressLikeness(a, b);
    return {.feature = Feature::kAddress,
            .likeness = likeness,
            .centibans = likeness >= 900   ? kAddressEqual
                         : likeness >= 700 ? kAddressAlike
                         : likeness <= 500 ? kAddressesDiffer
                                           : 0};
  }

  static CompanyMatch Decide(const CompanyParts& a, const CompanyParts& b) {
    std::vector<FeatureMatch> features;
    for (std::optional<FeatureMatch> feature :
         {Best(a.names_, b.names_, Names), Best(a.tax_ids_, b.tax_ids_, TaxIds), Best(a.domains_, b.domains_, Domains),
          Best(a.phones_, b.phones_, Phones), Best(a.addresses_, b.addresses_, Addresses)}) {
      if (feature) features.push_back(*std::move(feature));
    }
    return Decide(std::move(features));
  }

  static CompanyMatch Decide(std::vector<FeatureMatch> features) {
    CompanyMatch match{.features = std::move(features)};
    for (const FeatureMatch& feature : match.features) match.centibans += feature.centibans;
    match.decision = match.centibans >= kSameFrom       ? Decision::kSame
                     : match.centibans >= kPossibleFrom ? Decision::kPossible
                                                        : Decision::kDifferent;
    bool hint = false, more = false;
    for (const FeatureMatch& feature : match.features) {
      if (feature.feature == Feature::kTaxId && feature.centibans >= kTaxIdEqual) {
        match.decision = Decision::kSame;
        match.rule = DecisionRule::kTaxIdEqual;
        return match;
      }
      if (feature.feature == Feature::kTaxId && feature.centibans == kTaxIdsDiffer) {
        match.decision = std::min(match.decision, Decision::kPossible);
        match.rule = DecisionRule::kTaxIdsDiffer;
        return match;
      }
      hint |= feature.feature == Feature::kName &&
              (feature.name_rule == NameRule::kInitials || feature.name_rule == NameRule::kSound);
      more |= feature.feature != Feature::kName && feature.centibans > 0;
    }
    if (hint && !more && match.decision == Decision::kSame) {
      match.decision = Decision::kPossible;
      match.rule = DecisionRule::kHintOnly;
    }
    return match;
  }
};

CompanyParts::CompanyParts(const CompanyDescription& description) {
  const auto read = [](std::vector<std::string> texts, const auto& part_of, auto* given) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    for (std::string& text : texts) {
      auto part = part_of(text);
      if (part) given->push_back({std::move(text), *std::move(part)});
    }
  };
  read(
      description.names, [](const std::string& text) { return std::optional(NameParts(text)); }, &names_);
  read(
      description.tax_ids,
      [](const std::string& text) {
        TaxNumber number = ReadTaxNumber(text);
        return number.value.empty() ? std::nullopt : std::optional(std::move(number));
      },
      &tax_ids_);
  const auto unless_empty = [](std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  };
  read(
      description.domains, [&](const std::string& text) { return unless_empty(RegistrableDomain(text)); }, &domains_);
  read(
      description.phones, [&](const std::string& text) { return unless_empty(PhoneDigits(text)); }, &phones_);
  read(
      description.addresses, [](const std::string& text) { return std::optional(ReadAddress(text)); }, &addresses_);
}

std::string_view NameOf(Feature feature) {
  constexpr std::array<std::string_view, 6> kNames = {"NONE", "NAME", "TAX_ID", "DOMAIN", "PHONE", "ADDRESS"};
  return kNames[static_cast<size_t>(feature)];
}

std::string_view NameOf(Decision decision) {
  constexpr std::array<std::string_view, 4> kNames = {"NONE", "DIFFERENT", "POSSIBLE", "SAME"};
  return kNames[static_cast<size_t>(decision)];
}

std::string_view NameOf(DecisionRule rule) {
  constexpr std::array<std::string_view, 5> kNames = {"NONE", "EVIDENCE", "TAX_ID_EQUAL", "TAX_IDS_DIFFER",
                                                      "HINT_ONLY"};
  return kNames[static_cast<size_t>(rule)];
}

CompanyMatch Compare(const CompanyParts& a, const CompanyParts& b) { return Comparer::Decide(a, b); }
CompanyMatch MatchOfNames(const NameLikeness& likeness) { return Comparer::Decide({Comparer::OfNames(likeness)}); }
CompanyMatch Compare(const CompanyDescription& a, const CompanyDescription& b) {
  return Compare(CompanyParts(a), CompanyParts(b));
}

}  // namespace tributary::matching
