#include "tests/matching/labelled_set.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "common/csv/csv_reader.h"

namespace tributary::matching_quality {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File Open(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file != nullptr) return file;
  std::fprintf(stderr, "%s: cannot be opened\n", path.c_str());
  std::exit(1);
}

int HalfOf(const std::string& entity) {
  uint64_t hash = 1469598103934665603ULL;
  for (const char c : entity) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return static_cast<int>((hash >> 32) & 1);
}

// How many pairs of each half are of one company.
std::vector<double> Positives(const std::vector<Record>& records) {
  std::map<std::string, std::pair<int, double>> sizes;
  for (const Record& record : records) {
    auto& [half, size] = sizes[record.entity];
    half = record.half;
    ++size;
  }
  std::vector<double> positives(2);
  for (const auto& [entity, size] : sizes) positives[size.first] += size.second * (size.second - 1) / 2;
  return positives;
}

bool Same(const std::vector<Record>& records, const Pair& pair) {
  return records[pair.a].entity == records[pair.b].entity;
}

Quality Of(double right, double found, double wanted) {
  Quality quality;
  quality.precision = found == 0 ? 0 : right / found;
  quality.recall = wanted == 0 ? 0 : right / wanted;
  quality.f1 = found + wanted == 0 ? 0 : 2 * right / (found + wanted);
  return quality;
}

float BestThreshold(const std::vector<Record>& records, Pairs pairs, int half, double positives) {
  std::erase_if(pairs, [&](const Pair& pair) { return records[pair.a].half != half; });
  std::sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) { return x.score > y.score; });
  double right = 0, best = -1;
  float threshold = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    right += Same(records, pairs[i]) ? 1 : 0;
    if (i + 1 < pairs.size() && pairs[i + 1].score == pairs[i].score) continue;
    const double f1 = 2 * right / (static_cast<double>(i + 1) + positives);
    if (f1 <= best) continue;
    best = f1;
    // Between this score and the next, for the other half falls between.
    threshold = i + 1 < pairs.size() ? (pairs[i].score + pairs[i + 1].score) / 2 : pairs[i].score;
  }
  return threshold;
}

}  // namespace

std::vector<std::string> HeaderOf(const std::string& path) {
  const File file = Open(path);
  CsvReader reader(CsvReader::FromFile(file.get()));
  CsvRow row;
  return reader.Next(&row) ? row.fields : std::vector<std::string>();
}

std::vector<Record> ReadRecords(const std::string& path, const Columns& columns) {
  const File file = Open(path);
  CsvReader reader(CsvReader::FromFile(file.get()));
  CsvRow row;
  const std::vector<std::string> header = reader.Next(&row) ? row.fields : std::vector<std::string>();
  const auto column = [&](const std::string& name) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (name.empty()) return header.size();
    if (found == header.end()) {
      std::fprintf(stderr, "%s: has no column %s\n", path.c_str(), name.c_str());
      std::exit(1);
    }
    return static_cast<size_t>(found - header.begin());
  };
  const size_t entity = column(columns.entity), name = column(columns.name), address = column(columns.address),
               phone = column(columns.phone), domain = column(columns.domain), tax_id = column(columns.tax_id);
  std::vector<Record> records;
  while (reader.Next(&row)) {
    if (!row.status.ok()) continue;
    const auto field = [&](size_t i) { return i < row.fields.size() ? row.fields[i] : std::string(); };
    Record record{field(entity), field(name), field(address), field(phone), field(domain), field(tax_id)};
    if (record.name.empty()) continue;
    record.half = HalfOf(record.entity);
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<Record> Distinct(std::vector<Record> records) {
  const auto key = [](const Record& r) { return std::tie(r.entity, r.name, r.address, r.phone, r.domain, r.tax_id); };
  std::sort(records.begin(), records.end(), [&](const Record& x, const Record& y) { return key(x) < key(y); });
  records.erase(
      std::unique(records.begin(), records.end(), [&](const Record& x, const Record& y) { return key(x) == key(y); }),
      records.end());
  return records;
}

Pairs ScoreAll(const std::vector<Record>& records, float floor,
               const std::function<float(uint32_t a, uint32_t b)>& score) {
  Pairs pairs;
  for (uint32_t a = 0; a < records.size(); ++a) {
    for (uint32_t b = a + 1; b < records.size(); ++b) {
      if (records[a].half != records[b].half) continue;
      const float value = score(a, b);
      if (value > floor) pairs.push_back({a, b, value});
    }
  }
  return pairs;
}

Quality OfPairs(const std::vector<Record>& records, const Pairs& pairs) {
  const std::vector<double> positives = Positives(records);
  float threshold[2];
  for (const int half : {0, 1}) threshold[half] = BestThreshold(records, pairs, 1 - half, positives[1 - half]);
  double right = 0, found = 0;
  for (const Pair& pair : pairs) {
    if (pair.score < threshold[records[pair.a].half]) continue;
    ++found;
    right += Same(records, pair) ? 1 : 0;
  }
  Quality quality = Of(right, found, positives[0] + positives[1]);
  for (const int half : {0, 1}) quality.threshold[half] = threshold[half];
  return quality;
}

Quality OfNames(const std::vector<Record>& records, const Pairs& pairs, const Quality& chosen) {
  std::vector<double> right(records.size()), found(records.size()), wanted(records.size());
  std::map<std::string, double> sizes;
  for (const Record& record : records) ++sizes[record.entity];
  for (size_t i = 0; i < records.size(); ++i) wanted[i] = sizes[records[i].entity] - 1;
  for (const Pair& pair : pairs) {
    if (pair.score < chosen.threshold[records[pair.a].half]) continue;
    for (const uint32_t i : {pair.a, pair.b}) {
      ++found[i];
      right[i] += Same(records, pair) ? 1 : 0;
    }
  }
  Quality quality;
  double precisions = 0, recalls = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    if (found[i] > 0) {
      quality.precision += right[i] / found[i];
      ++precisions;
    }
    if (wanted[i] > 0) {
      quality.recall += right[i] / wanted[i];
      ++recalls;
    }
  }
  quality.precision /= std::max(1.0, precisions);
  quality.recall /= std::max(1.0, recalls);
  quality.f1 = quality.precision + quality.recall == 0
                   ? 0
                   : 2 * quality.precision * quality.recall / (quality.precision + quality.recall);
  return quality;
}

Quality At(const std::vector<Record>& records, const Pairs& pairs, float threshold) {
  const std::vector<double> positives = Positives(records);
  double right = 0, found = 0;
  for (const Pair& pair : pairs) {
    if (pair.score < threshold) continue;
    ++found;
    right += Same(records, pair) ? 1 : 0;
  }
  return Of(right, found, positives[0] + positives[1]);
}

}  // namespace tributary::matching_quality
