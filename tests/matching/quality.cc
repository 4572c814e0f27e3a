#include "tests/matching/quality.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/matching/company_match.h"
#include "common/matching/customer_name.h"
#include "common/matching/folding.h"
#include "common/matching/legal_forms.h"
#include "common/matching/name_likeness.h"
#include "tests/matching/jaro_winkler.h"
#include "tests/matching/labelled_set.h"

namespace tributary::matching_quality {
namespace {

using matching::CompanyParts;
using matching::NameParts;
using Score = std::function<float(uint32_t a, uint32_t b)>;

std::string Base(const std::string& path) { return std::filesystem::path(path).parent_path().filename().string(); }

void Head(const std::string& what) {
  std::printf(
      "\n%s\n\n| set | by | precision | recall | F1 | F1 of names | thresholds |\n|---|---|---|---|---|---|---|\n",
      what.c_str());
}

void Row(const std::string& set, const char* by, const std::vector<Record>& records, const Pairs& pairs) {
  const Quality quality = OfPairs(records, pairs);
  std::printf("| %s | %s | %.4f | %.4f | %.4f | %.4f | %.3g, %.3g |\n", set.c_str(), by, quality.precision,
              quality.recall, quality.f1, OfNames(records, pairs, quality).f1,
              static_cast<double>(quality.threshold[0]), static_cast<double>(quality.threshold[1]));
  std::fflush(stdout);
}

// What the peers are given.
using Text = std::function<std::string(const Record&)>;
std::string NameAlone(const Record& record) { return record.name; }
std::string NameAndAddress(const Record& record) { return record.name + " " + record.address; }

// Jaro-Winkler sees what is folded and has no legal form.
std::vector<std::u16string> Stripped(const std::vector<Record>& records, bool address) {
  std::vector<std::u16string> texts;
  for (const Record& record : records) {
    texts.push_back(matching::Fold(matching::KeyOf(record.name).key));
    if (address) texts.back() += u' ' + matching::Fold(record.address);
  }
  return texts;
}
Score JaroWinklerOf(const std::vector<std::u16string>& texts) {
  return [&texts](uint32_t a, uint32_t b) { return static_cast<float>(JaroWinkler(texts[a], texts[b])); };
}

// Pairs that `where` lets pass and that share some trigram; a and b are positions in `records`.
Pairs Trigrams(const Postgres& postgres, const std::vector<Record>& records, const Text& text,
               const std::string& where) {
  std::string sql = "DROP TABLE IF EXISTS t; CREATE TABLE t (i int, half int, name text);\nCOPY t FROM STDIN;\n";
  for (size_t i = 0; i < records.size(); ++i) {
    std::string field = text(records[i]);
    std::replace_if(
        field.begin(), field.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r' || c == '\\'; }, ' ');
    sql += std::to_string(i) + "\t" + std::to_string(records[i].half) + "\t" + field + "\n";
  }
  sql += "\\.\nANALYZE t; SELECT a.i, b.i, similarity(a.name, b.name) FROM t a JOIN t b ON a.i < b.i AND " + where +
         " WHERE similarity(a.name, b.name) > 0.05;\n";
  std::istringstream lines(postgres.Run(sql));
  Pairs pairs;
  for (Pair pair; lines >> pair.a >> pair.b >> pair.score;) pairs.push_back(pair);
  return pairs;
}

std::vector<NameParts> PartsOf(const std::vector<Record>& records) {
  std::vector<NameParts> parts;
  for (const Record& record : records) parts.emplace_back(record.name);
  return parts;
}
Score Ours(const std::vector<NameParts>& parts) {
  return [&parts](uint32_t a, uint32_t b) { return static_cast<float>(Compare(parts[a], parts[b]).permille); };
}

// What the decisions at their fixed evidence are worth.
void Decisions(const std::string& set, const std::vector<Record>& records, bool names_alone) {
  std::vector<CompanyParts> companies;
  const auto one = [&](const std::string& text) {
    return text.empty() || names_alone ? std::vector<std::string>() : std::vector{text};
  };
  for (const Record& r : records) {
    companies.emplace_back(
        matching::CompanyDescription{{r.name}, one(r.tax_id), one(r.domain), one(r.phone), one(r.address)});
  }
  const Pairs pairs = ScoreAll(records, 0, [&](uint32_t a, uint32_t b) {
    return static_cast<float>(Compare(companies[a], companies[b]).decision);
  });
  const Quality same = At(records, pairs, 3), possible = At(records, pairs, 2);
  std::printf("| %s, %s | %.4f | %.4f | %.4f | %.4f |\n", set.c_str(), names_alone ? "names" : "all features",
              same.precision, same.recall, possible.precision, possible.recall);
  std::fflush(stdout);
}

bool HasMore(const std::vector<Record>& records) {
  return std::any_of(records.begin(), records.end(), [](const Record& r) {
    return !r.address.empty() || !r.phone.empty() || !r.domain.empty() || !r.tax_id.empty();
  });
}

void Pairwise(const std::string& set, const std::vector<Record>& records, const Postgres* postgres) {
  const std::string same_half = "a.half = b.half";
  const std::vector<NameParts> parts = PartsOf(records);
  Row(set, "**ours, names**", records, ScoreAll(records, 200, Ours(parts)));
  const std::vector<std::u16string> names = Stripped(records, false);
  Row(set, "Jaro-Winkler, legal forms stripped", records, ScoreAll(records, 0.5, JaroWinklerOf(names)));
  if (postgres != nullptr) Row(set, "pg_trgm", records, Trigrams(*postgres, records, NameAlone, same_half));
  if (!HasMore(records)) return;
  std::vector<CompanyParts> companies;
  const auto one = [](const std::string& text) {
    return text.empty() ? std::vector<std::string>() : std::vector{text};
  };
  for (const Record& r : records) {
    companies.emplace_back(
        matching::CompanyDescription{{r.name}, one(r.tax_id), one(r.domain), one(r.phone), one(r.address)});
  }
  Row(set, "**ours, all features**", records, ScoreAll(records, -200, [&](uint32_t a, uint32_t b) {
        return static_cast<float>(Compare(companies[a], companies[b]).centibans);
      }));
  const std::vector<std::u16string> texts = Stripped(records, true);
  Row(set, "Jaro-Winkler, name and address", records, ScoreAll(records, 0.5, JaroWinklerOf(texts)));
  if (postgres != nullptr) {
    Row(set, "pg_trgm, name and address", records, Trigrams(*postgres, records, NameAndAddress, same_half));
  }
}

// Short names against all full ones; `shorts` and `fulls` share entities.
void FirstHits(const std::string& set, const std::vector<Record>& shorts, const std::vector<Record>& fulls,
               const Postgres* postgres) {
  std::vector<Record> all = shorts;
  all.insert(all.end(), fulls.begin(), fulls.end());
  const auto n = static_cast<uint32_t>(shorts.size());
  const auto judge = [&](const char* by, const Score& score) {
    int right = 0;
    Pairs pairs;
    for (uint32_t a = 0; a < n; ++a) {
      float best = -1;
      uint32_t hit = n;
      for (uint32_t b = n; b < all.size(); ++b) {
        const float value = score(a, b);
        // Of equals the first name, which knows nothing of which is right.
        if (value > best || (value == best && all[b].name < all[hit].name)) {
          best = value;
          hit = b;
        }
        if (all[a].half == all[b].half && value > 0) pairs.push_back({a, b, value});
      }
      right += all[hit].entity == all[a].entity ? 1 : 0;
    }
    const Quality quality = OfPairs(all, pairs);
    std::printf("| %s | %s | %.4f | %.4f | %.4f | %.4f |\n", set.c_str(), by, static_cast<double>(right) / n,
                quality.precision, quality.recall, quality.f1);
    std::fflush(stdout);
  };
  std::printf(
      "\n%u short names, %zu full ones\n\n| set | by | first hit right | precision | recall | F1 "
      "|\n|---|---|---|---|---|---|\n",
      n, fulls.size());
  const std::vector<NameParts> parts = PartsOf(all);
  judge("**ours, names**", Ours(parts));
  const std::vector<std::u16string> names = Stripped(all, false);
  judge("Jaro-Winkler, legal forms stripped", JaroWinklerOf(names));
  if (postgres == nullptr) return;
  std::map<std::pair<uint32_t, uint32_t>, float> found;
  const std::string end = std::to_string(n);
  for (const Pair& pair : Trigrams(*postgres, all, NameAlone, "a.i < " + end + " AND b.i >= " + end)) {
    found[{pair.a, pair.b}] = pair.score;
  }
  judge("pg_trgm", [&](uint32_t a, uint32_t b) {
    const auto pair = found.find({a, b});
    return pair == found.end() ? 0.0F : pair->second;
  });
}

// Which of the list's forms are cut off a name whole: behind it, or before it.
void Coverage(const std::string& file) {
  for (const auto& [what, column] : {std::pair("names", "Entity Legal Form name Local name"),
                                     std::pair("abbreviations", "Abbreviations Local language")}) {
    std::set<std::string> forms;
    for (const Record& record : ReadRecords(file, {.entity = "ELF Code", .name = column})) {
      std::istringstream each(record.name);
      for (std::string form; std::getline(each, form, ';');) {
        const size_t from = form.find_first_not_of(' ');
        if (from != std::string::npos) forms.insert(form.substr(from, form.find_last_not_of(' ') + 1 - from));
      }
    }
    size_t cut = 0;
    for (const std::string& form : forms) {
      cut += matching::KeyOf("Qwertz " + form).key == "qwertz" || matching::KeyOf(form + " Qwertz").key == "qwertz" ? 1
                                                                                                                    : 0;
    }
    std::printf("| %s | %zu | %zu | %.3f |\n", what, forms.size(), cut,
                static_cast<double>(cut) / static_cast<double>(forms.size()));
  }
}

}  // namespace

void RealDataQuality(const std::string& folder, const Postgres* postgres) {
  const std::string nl = folder + "/patstat_nl_applicants/applicants.csv",
                    us = folder + "/site_names_chicago/sites_with_true_ids.csv",
                    tw = folder + "/company_zh_tw_listed/companies.csv";
  const std::vector<Record> applicants = Distinct(ReadRecords(nl, {.entity = "leuven_id", .name = "name"}));
  const std::vector<Record> sites =
      ReadRecords(us, {.entity = "true_id", .name = "site_name", .address = "address", .phone = "phone"});
  Head("Pairs, thresholds chosen on one half and judged on the other");
  Pairwise(Base(nl), applicants, postgres);
  Pairwise(Base(us), sites, postgres);
  FirstHits(Base(tw), ReadRecords(tw, {.entity = "stock_code", .name = "short_name_zh"}),
            ReadRecords(tw, {.entity = "stock_code", .name = "full_name_zh"}), postgres);
  std::printf(
      "\nDecisions at their fixed evidence\n\n| set | SAME: precision | recall | POSSIBLE or SAME: precision | recall "
      "|\n|---|---|---|---|---|\n");
  Decisions(Base(nl), applicants, true);
  Decisions(Base(us), sites, true);
  Decisions(Base(us), sites, false);
  std::printf("\nGLEIF's legal forms\n\n| | forms | cut off whole | share |\n|---|---|---|---|\n");
  Coverage(folder + "/legal_forms/gleif_elf_code_list_v1.4.1.csv");
}

void LabelledQuality(const std::string& file, const Postgres* postgres) {
  const std::vector<std::string> header = HeaderOf(file);
  const auto column = [&](const std::string& name) {
    return std::find(header.begin(), header.end(), name) == header.end() ? "" : name;
  };
  Head("Pairs, thresholds chosen on one half and judged on the other");
  Pairwise(file,
           Distinct(ReadRecords(file, {.entity = "entity",
                                       .name = "name",
                                       .address = column("address"),
                                       .phone = column("phone"),
                                       .domain = column("domain"),
                                       .tax_id = column("tax_id")})),
           postgres);
}

void ShortNameQuality(const std::string& file, const Postgres* postgres) {
  std::vector<Record> shorts = ReadRecords(file, {.entity = "full", .name = "short"});
  FirstHits(file, shorts, Distinct(ReadRecords(file, {.entity = "full", .name = "full"})), postgres);
}

}  // namespace tributary::matching_quality
