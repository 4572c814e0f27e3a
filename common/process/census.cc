#include "common/process/census.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/observability/log.h"

namespace tributary::process {
namespace {

constexpr absl::Duration kWithin = absl::Seconds(30);

}  // namespace

CensusGauge::CensusGauge(prometheus::Registry& registry, const char* name, const char* help, std::string label,
                         const std::vector<std::string>& values)
    : family_(prometheus::BuildGauge().Name(name).Help(help).Register(registry)), label_(std::move(label)) {
  for (const std::string& value : values) gauges_[value] = &family_.Add({{label_, value}});
}

void CensusGauge::Set(const std::map<std::string, double>& counts) {
  for (const auto& [value, count] : counts) {
    prometheus::Gauge*& gauge = gauges_[value];
    if (gauge == nullptr) gauge = &family_.Add({{label_, value}});
    gauge->Set(count);
  }
  for (const auto& [value, gauge] : gauges_) {
    if (!counts.contains(value)) gauge->Set(0);
  }
}

Census::Census(mysql::Database& database, prometheus::Registry& registry)
    : database_(database),
      counted_at_(prometheus::BuildGauge()
                      .Name("tributary_census_time_seconds")
                      .Help("When the gauges of this census were last read, as Unix time; 0 before the first time")
                      .Register(registry)),
      took_(prometheus::BuildGauge()
                .Name("tributary_census_duration_seconds")
                .Help("How long the last reading of this census took")
                .Register(registry)),
      failed_(prometheus::BuildCounter()
                  .Name("tributary_census_failed_total")
                  .Help("Readings of this census that failed; its gauges then keep what they showed")
                  .Register(registry)) {}

Census::~Census() { Stop(); }

void Census::Add(const std::string& what, absl::Duration every, Count count) {
  const prometheus::Labels labels{{"census", what}};
  entries_.push_back({what, every, std::move(count), absl::InfinitePast(), counted_at_.Add(labels), took_.Add(labels),
                      failed_.Add(labels)});
}

void Census::Start() {
  lookout_.Start("census", [this] { return CountDue(); });
}

void Census::Stop() { lookout_.Stop(); }

absl::Duration Census::CountDue() {
  absl::Time next = absl::InfiniteFuture();
  for (Entry& entry : entries_) {
    if (lookout_.stopping()) break;
    if (entry.due <= absl::Now()) CountNow(entry);
    next = std::min(next, entry.due);
  }
  return std::clamp(next - absl::Now(), absl::ZeroDuration(), absl::Hours(1));
}

void Census::CountNow(Entry& entry) {
  const absl::Time start = absl::Now();
  entry.due = start + entry.every;
  const absl::Status status = database_.Transact({.deadline = start + kWithin, .snapshot = true}, entry.count);
  if (!status.ok()) {
    entry.failed.Increment();
    observability::Log(observability::Level::kWarning, "a census failed",
                       {{"census", entry.what}, {"error", std::string(status.message())}});
    return;
  }
  const absl::Time end = absl::Now();
  entry.took.Set(absl::ToDoubleSeconds(end - start));
  entry.counted_at.Set(absl::ToDoubleSeconds(end - absl::UnixEpoch()));
}

}  // namespace tributary::process
