#pragma once

// Names whose companies are known, and how well a scorer of pairs tells them apart.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tributary::matching_quality {

struct Record {
  std::string entity;  // the same for names of one company
  std::string name;
  std::string address, phone, domain, tax_id;  // empty where the set has none
  int half = 0;                                // 0 or 1, by a hash of the entity
};

// Reads a CSV with a header; column names empty where there is none. Ends the program where it cannot.
struct Columns {
  std::string entity, name, address, phone, domain, tax_id;
};
std::vector<std::string> HeaderOf(const std::string& path);
std::vector<Record> ReadRecords(const std::string& path, const Columns& columns);
// Of records that are the same in all, one.
std::vector<Record> Distinct(std::vector<Record> records);

// Pairs of records of one half, by their indices, with a score: the higher, the likelier one company. Pairs that are
// left out count as unlike.
struct Pair {
  uint32_t a = 0, b = 0;
  float score = 0;
};
using Pairs = std::vector<Pair>;
// Every pair of one half, a < b, that `score` gives more than `floor`.
Pairs ScoreAll(const std::vector<Record>& records, float floor,
               const std::function<float(uint32_t a, uint32_t b)>& score);

struct Quality {
  double precision = 0, recall = 0, f1 = 0;
  float threshold[2] = {0, 0};  // chosen on the other half
};
// The threshold with the best F1 over pairs is chosen on each half and judged on the other; what both find is added up.
Quality OfPairs(const std::vector<Record>& records, const Pairs& pairs);
// At the same thresholds, precision and recall of each name's own matches, averaged over the names that have any to
// find or found any: a company of hundreds of spellings counts no more than its names do.
Quality OfNames(const std::vector<Record>& records, const Pairs& pairs, const Quality& chosen);
// Precision and recall where the score is at least `threshold`, over both halves.
Quality At(const std::vector<Record>& records, const Pairs& pairs, float threshold);

}  // namespace tributary::matching_quality
