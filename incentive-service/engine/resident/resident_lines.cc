#include "incentive-service/engine/resident/resident_lines.h"

#include <algorithm>
#include <map>
#include <thread>

#include "common/status/status.h"

namespace tributary::incentive {
namespace {

constexpr uint32_t kMostPartners = 100'000'000;

absl::StatusOr<int64_t> MinorOf(const StraightTerms& terms, absl::int128 micros) {
  int64_t minor;
  const auto narrow = static_cast<int64_t>(micros);
  if (narrow == micros && terms.FastMinor(narrow, &minor)) return minor;
  return terms.Minor(micros);
}

}  // namespace

uint32_t Dictionary::CodeOf(std::string_view name) {
  const auto [known, fresh] = codes_.try_emplace(std::string(name), static_cast<uint32_t>(names_.size()));
  if (fresh) names_.emplace_back(name);
  return known->second;
}

Grouping Grouping::ByCategory(size_t categories) {
  Grouping grouping;
  for (size_t i = 0; i < categories; ++i) grouping.group_of.push_back(static_cast<int32_t>(i));
  return grouping;
}

Grouping Grouping::Together(size_t categories) { return {std::vector<int32_t>(categories, 0)}; }

absl::Status ResidentLines::Load(absl::Span<const ResidentLine> lines) {
  uint32_t partners = 0;
  for (const ResidentLine& line : lines) {
    if (line.partner >= kMostPartners) {
      return InvalidField("partner", StrCat(line.partner), StrCat("a code below ", kMostPartners));
    }
    partners = std::max(partners, line.partner + 1);
    categories_ = std::max<size_t>(categories_, line.category + 1);
    quarters_ = std::max<size_t>(quarters_, line.quarter + 1);
  }
  if (partners > partners_.size()) partners_.resize(partners);
  if (lines.size() > 1) {  // room for just these; single lines make the vectors grow by doubling
    std::vector<uint32_t> counts(partners, 0);
    for (const ResidentLine& line : lines) ++counts[line.partner];
    for (uint32_t i = 0; i < partners; ++i) {
      if (counts[i] == 0) continue;
      Partner& partner = partners_[i];
      partner.categories.reserve(partner.categories.size() + counts[i]);
      partner.quarters.reserve(partner.quarters.size() + counts[i]);
      partner.micros.reserve(partner.micros.size() + counts[i]);
    }
  }
  for (const ResidentLine& line : lines) {
    Partner& partner = partners_[line.partner];
    partner.categories.push_back(line.category);
    partner.quarters.push_back(line.quarter);
    partner.micros.push_back(line.micros);
    AddSums(line);
  }
  size_ += lines.size();
  return absl::OkStatus();
}

void ResidentLines::AddSums(const ResidentLine& line) {
  std::vector<CellSum>& sums = partners_[line.partner].sums;
  const uint32_t cell = uint32_t{line.category} << 16 | line.quarter;
  auto at = std::lower_bound(sums.begin(), sums.end(), cell, [](const CellSum& a, uint32_t b) { return a.cell < b; });
  if (at == sums.end() || at->cell != cell) at = sums.insert(at, {cell, 0});
  at->micros += line.micros;
}

size_t ResidentLines::Bytes() const {
  size_t bytes = partners_.capacity() * sizeof(Partner);
  for (const Partner& partner : partners_) {
    bytes += partner.categories.capacity() * sizeof(uint16_t) + partner.quarters.capacity() * sizeof(uint16_t) +
             partner.micros.capacity() * sizeof(int64_t) + partner.sums.capacity() * sizeof(CellSum);
  }
  return bytes;
}

// One thread's work: partners one after the other, into sums of one partner that stay in the nearest cache.
class ResidentLines::Scan {
 public:
  Scan(const ResidentLines& lines, const StraightTerms& terms, const Grouping& grouping)
      : lines_(lines), terms_(terms) {
    // Where each category's quarters begin; those left out go behind the others, where nobody looks.
    int32_t groups = 0;
    for (size_t i = 0; i < std::min(lines.categories_, grouping.group_of.size()); ++i) {
      groups = std::max(groups, grouping.group_of[i] + 1);
    }
    cells_ = static_cast<size_t>(groups) * lines.quarters_;
    for (size_t i = 0; i < lines.categories_; ++i) {
      const int32_t group = i < grouping.group_of.size() ? grouping.group_of[i] : Grouping::kLeftOut;
      begin_.push_back(group < 0 ? cells_ : static_cast<size_t>(group) * lines.quarters_);
    }
    sums_.assign(cells_ + lines.quarters_, 0);
    counts_.assign(sums_.size(), 0);
  }

  absl::Status Run(uint32_t from, uint32_t to) {
    size_t most = cells.size();
    for (uint32_t i = from; i < to; ++i) most += lines_.partners_[i].sums.size();
    if (most > cells.capacity()) cells.reserve(most);
    for (uint32_t i = from; i < to; ++i) RETURN_IF_ERROR(RatePartner(i));
    return absl::OkStatus();
  }

  std::vector<RatedCell> cells;

 private:
  absl::Status RatePartner(uint32_t number) {
    const Partner& partner = lines_.partners_[number];
    const size_t count = partner.micros.size();
    const uint16_t *categories = partner.categories.data(), *quarters = partner.quarters.data();
    const int64_t* micros = partner.micros.data();
    for (size_t i = 0; i < count; ++i) {
      const size_t cell = begin_[categories[i]] + quarters[i];
      ++counts_[cell];
      if (__builtin_add_overflow(sums_[cell], micros[i], &sums_[cell])) [[unlikely]] {
        carries_[cell] += micros[i] < 0 ? -1 : 1;
      }
    }
    if (count >= cells_ / 8) {
      for (size_t cell = 0; cell < cells_; ++cell) {
        if (counts_[cell] != 0) RETURN_IF_ERROR(Take(number, cell));
      }
      std::fill(counts_.begin() + cells_, counts_.end(), 0);
      std::fill(sums_.begin() + cells_, sums_.end(), 0);
      return absl::OkStatus();
    }
    // Few lines among many cells: those of the lines, in order.
    touched_.clear();
    for (size_t i = 0; i < count; ++i) touched_.push_back(begin_[categories[i]] + quarters[i]);
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    for (const size_t cell : touched_) {
      if (cell < cells_) {
        RETURN_IF_ERROR(Take(number, cell));
      } else {
        sums_[cell] = counts_[cell] = 0;
      }
    }
    return absl::OkStatus();
  }

  // Rates a cell and clears it for the next partner.
  absl::Status Take(uint32_t partner, size_t cell) {
    absl::int128 sum = sums_[cell];
    if (!carries_.empty()) [[unlikely]] {
      if (const auto carry = carries_.find(cell); carry != carries_.end()) {
        sum += absl::int128(carry->second) * (absl::int128(1) << 64);
        carries_.erase(carry);
      }
    }
    sums_[cell] = counts_[cell] = 0;
    ASSIGN_OR_RETURN(const int64_t minor, MinorOf(terms_, sum));
    cells.push_back({partner, static_cast<uint16_t>(cell / lines_.quarters_),
                     static_cast<uint16_t>(cell % lines_.quarters_), sum, minor});
    return absl::OkStatus();
  }

  const ResidentLines& lines_;
  const StraightTerms& terms_;
  size_t cells_ = 0;           // groups x quarters
  std::vector<size_t> begin_;  // by category
  std::vector<int64_t> sums_;  // by cell; modulo 2^64
  std::vector<int64_t> counts_;
  std::map<size_t, int64_t> carries_;  // of 2^64, by cell, where a sum left 64 bits
  std::vector<size_t> touched_;
};

absl::StatusOr<std::vector<RatedCell>> ResidentLines::Rate(const StraightTerms& terms, const Grouping& grouping,
                                                           int threads) const {
  // Partners in as many parts as there are threads, of about as many lines each.
  std::vector<uint32_t> ends;
  size_t lines = 0, cells = 0;
  for (uint32_t i = 0; i < partners_.size(); ++i) {
    lines += partners_[i].micros.size();
    cells += partners_[i].sums.size();
    if (lines * threads >= size_ * (ends.size() + 1) && ends.size() + 1 < static_cast<size_t>(threads)) {
      ends.push_back(i + 1);
    }
  }
  ends.push_back(static_cast<uint32_t>(partners_.size()));

  std::vector<Scan> scans(ends.size(), Scan(*this, terms, grouping));
  std::vector<absl::Status> states(ends.size());
  std::vector<std::thread> running;
  for (size_t i = 1; i < ends.size(); ++i) {
    running.emplace_back([&, i] { states[i] = scans[i].Run(ends[i - 1], ends[i]); });
  }
  scans[0].cells.reserve(cells);
  states[0] = scans[0].Run(0, ends[0]);
  for (std::thread& thread : running) thread.join();
  for (const absl::Status& state : states) RETURN_IF_ERROR(state);
  std::vector<RatedCell> all = std::move(scans[0].cells);
  for (size_t i = 1; i < scans.size(); ++i) all.insert(all.end(), scans[i].cells.begin(), scans[i].cells.end());
  return all;
}

absl::StatusOr<std::vector<RatedCell>> ResidentLines::RatePartner(uint32_t partner, const StraightTerms& terms,
                                                                  const Grouping& grouping) const {
  if (partner >= partners_.size()) return std::vector<RatedCell>();
  std::map<std::pair<int32_t, uint16_t>, absl::int128> sums;
  for (const CellSum& sum : partners_[partner].sums) {
    const size_t category = sum.cell >> 16;
    if (category >= grouping.group_of.size() || grouping.group_of[category] < 0) continue;
    sums[{grouping.group_of[category], static_cast<uint16_t>(sum.cell)}] += sum.micros;
  }
  std::vector<RatedCell> cells;
  for (const auto& [key, micros] : sums) {
    ASSIGN_OR_RETURN(const int64_t minor, MinorOf(terms, micros));
    cells.push_back({partner, static_cast<uint16_t>(key.first), key.second, micros, minor});
  }
  return cells;
}

}  // namespace tributary::incentive
