#include "common/mysql/metrics.h"

namespace tributary::mysql {
namespace {

const prometheus::Histogram::BucketBoundaries kWaitBuckets = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05,
                                                              0.1,    0.5,    1,     5,     10};

template <typename Builder>
auto& Make(Builder builder, const char* name, const char* help, prometheus::Registry& registry) {
  return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

Metrics::Metrics(prometheus::Registry* registry, const std::string& schema)
    : own_(registry == nullptr ? std::make_unique<prometheus::Registry>() : nullptr),
      registry_(registry == nullptr ? *own_ : *registry),
      schema_(schema),
      connections_(Make(prometheus::BuildGauge(), "tributary_mysql_pool_connections",
                        "Connections of the pool, by what they do.", registry_)),
      closed_(Make(prometheus::BuildCounter(), "tributary_mysql_pool_closed_total",
                   "Connections that the pool closed, by reason.", registry_)),
      transactions_(Make(prometheus::BuildCounter(), "tributary_mysql_transactions_total",
                         "Transactions that wrote or locked, by how they ended.", registry_)),
      reruns_(Make(prometheus::BuildCounter(), "tributary_mysql_reruns_total",
                   "Transactions that ran again, by the error code that made them.", registry_)),
      limit(Make(prometheus::BuildGauge(), "tributary_mysql_pool_limit", "The most connections that the pool may hold.",
                 registry_)
                .Add({{"schema", schema}})),
      idle(connections_.Add({{"schema", schema}, {"state", "idle"}})),
      in_use(connections_.Add({{"schema", schema}, {"state", "in_use"}})),
      wait_seconds(Make(prometheus::BuildHistogram(), "tributary_mysql_pool_wait_seconds",
                        "Time that callers waited for a connection.", registry_)
                       .Add({{"schema", schema}}, kWaitBuckets)),
      opened(Make(prometheus::BuildCounter(), "tributary_mysql_pool_opened_total", "Connections that were opened.",
                  registry_)
                 .Add({{"schema", schema}})),
      closed_lost(closed_.Add({{"schema", schema}, {"reason", "lost"}})),
      closed_age(closed_.Add({{"schema", schema}, {"reason", "age"}})),
      connect_failed(Make(prometheus::BuildCounter(), "tributary_mysql_pool_connect_failed_total",
                          "Attempts to connect that failed.", registry_)
                         .Add({{"schema", schema}})),
      wait_expired(Make(prometheus::BuildCounter(), "tributary_mysql_pool_wait_expired_total",
                        "Callers whose deadline came before a connection was free.", registry_)
                       .Add({{"schema", schema}})),
      committed(transactions_.Add({{"schema", schema}, {"outcome", "committed"}})),
      rolled_back(transactions_.Add({{"schema", schema}, {"outcome", "rolled_back"}})),
      commit_unknown(transactions_.Add({{"schema", schema}, {"outcome", "unknown"}})),
      rerun_deadlock_(reruns_.Add({{"schema", schema}, {"code", "1213"}})),
      rerun_lock_wait_(reruns_.Add({{"schema", schema}, {"code", "1205"}})),
      rerun_changed_(reruns_.Add({{"schema", schema}, {"code", "1020"}})),
      rerun_not_ready_(reruns_.Add({{"schema", schema}, {"code", "1047"}})),
      rerun_lost_(reruns_.Add({{"schema", schema}, {"code", "lost"}})) {}

prometheus::Counter& Metrics::Rerun(int code) {
  switch (code) {
    case 1213:
      return rerun_deadlock_;
    case 1205:
      return rerun_lock_wait_;
    case 1020:
      return rerun_changed_;
    case 1047:
      return rerun_not_ready_;
    default:
      return rerun_lost_;
  }
}

}  // namespace tributary::mysql
