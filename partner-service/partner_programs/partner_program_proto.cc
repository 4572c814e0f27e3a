#include "partner-service/partner_programs/partner_program_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutContent(const PartnerProgram& program, v1::PartnerProgram* out) {
  out->set_display_name(program.display_name);
  for (const ProgramLevel& level : program.levels) {
    v1::PartnerProgram::Level* one = out->add_levels();
    one->set_level(level.id);
    one->set_display_name(level.display_name);
    for (const LevelCriterion& criterion : level.criteria) *one->add_criteria() = ToProto(criterion);
  }
  if (!program.calendar_id.empty()) out->set_fiscal_calendar(StrCat("fiscalCalendars/", program.calendar_id));
  if (program.period_kind.has_value()) {
    out->set_period_kind(static_cast<v1::FiscalPeriod::Kind>(*program.period_kind));
  }
  out->set_months(program.months);
  out->set_notice_days(program.notice_days);
  out->set_grace_days(program.grace_days);
  out->set_on_hold(program.on_hold);
}

absl::StatusOr<LevelCriterion> SalesFromProto(const v1::PartnerProgram::Sales& sales) {
  LevelCriterion criterion{.kind = CriterionKind::kSales,
                           .basis = static_cast<TargetBasis>(sales.basis()),
                           .product_lines = {sales.product_lines().begin(), sales.product_lines().end()}};
  if (sales.has_amount() == sales.has_quantity()) {
    return InvalidField("sales.amount", sales.has_amount() ? "an amount and a quantity" : "neither amount nor quantity",
                        "one of amount and quantity");
  }
  if (sales.has_amount()) {
    const auto amount = wire::FromProto(sales.amount());
    if (!amount.ok()) return AtField(amount.status(), "sales.amount");
    criterion.currency = amount->currency;
    criterion.want = amount->amount;
  } else {
    const auto quantity = wire::FromProto(sales.quantity());
    if (!quantity.ok()) return AtField(quantity.status(), "sales.quantity");
    criterion.want = *quantity;
  }
  return criterion;
}

}  // namespace

v1::PartnerProgram::Criterion ToProto(const LevelCriterion& criterion) {
  v1::PartnerProgram::Criterion out;
  const auto whole = static_cast<int32_t>(static_cast<int64_t>(criterion.want.micros() / Decimal::kUnit));
  switch (criterion.kind) {
    case CriterionKind::kSales: {
      v1::PartnerProgram::Sales& sales = *out.mutable_sales();
      sales.set_basis(static_cast<v1::SalesTarget::Basis>(criterion.basis));
      for (const std::string& line : criterion.product_lines) sales.add_product_lines(line);
      if (criterion.currency.empty()) {
        *sales.mutable_quantity() = wire::ToProto(criterion.want);
      } else {
        *sales.mutable_amount() = wire::ToProto(Money{criterion.currency, criterion.want});
      }
      break;
    }
    case CriterionKind::kCertificates:
      out.mutable_certificates()->set_course(StrCat("courses/", criterion.course_id));
      out.mutable_certificates()->set_holders(whole);
      break;
    case CriterionKind::kActiveDays:
      out.set_active_days(whole);
      break;
  }
  return out;
}

absl::StatusOr<LevelCriterion> FromProto(const v1::PartnerProgram::Criterion& criterion) {
  const int kinds = int{criterion.has_sales()} + int{criterion.has_certificates()} + int{criterion.active_days() > 0};
  if (kinds != 1) {
    return InvalidField("", kinds == 0 ? "nothing" : "several", "one of sales, certificates and active_days");
  }
  if (criterion.has_sales()) return SalesFromProto(criterion.sales());
  if (criterion.has_certificates()) {
    ASSIGN_OR_RETURN(std::vector<std::string> ids,
                     ParseResourceName(criterion.certificates().course(), "courses/{course}", "certificates.course"));
    return LevelCriterion{.kind = CriterionKind::kCertificates,
                          .course_id = std::move(ids.front()),
                          .want = Decimal::FromInt(criterion.certificates().holders())};
  }
  return LevelCriterion{.kind = CriterionKind::kActiveDays, .want = Decimal::FromInt(criterion.active_days())};
}

v1::PartnerProgram ToProto(const PartnerProgram& program) {
  v1::PartnerProgram out;
  out.set_name(program.name());
  PutRevision(program.revision, &out);
  out.set_revision(program.revision.version);
  PutContent(program, &out);
  return out;
}

absl::StatusOr<PartnerProgram> FromProto(const v1::PartnerProgram& program) {
  PartnerProgram out{.display_name = program.display_name(),
                     .months = program.months(),
                     .notice_days = program.notice_days(),
                     .grace_days = program.grace_days(),
                     .on_hold = program.on_hold()};
  if (!program.fiscal_calendar().empty()) {
    ASSIGN_OR_RETURN(
        std::vector<std::string> ids,
        ParseResourceName(program.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}", "fiscal_calendar"));
    out.calendar_id = std::move(ids.front());
  }
  if (program.period_kind() != v1::FiscalPeriod::KIND_UNSPECIFIED) {
    out.period_kind = static_cast<PeriodKind>(program.period_kind());
  }
  for (int i = 0; i < program.levels_size(); ++i) {
    const v1::PartnerProgram::Level& level = program.levels(i);
    ProgramLevel one{.id = level.level(), .display_name = level.display_name()};
    for (int c = 0; c < level.criteria_size(); ++c) {
      auto criterion = FromProto(level.criteria(c));
      if (!criterion.ok()) return AtField(criterion.status(), StrCat("levels[", i, "].criteria[", c, "]"));
      one.criteria.push_back(*std::move(criterion));
    }
    out.levels.push_back(std::move(one));
  }
  return out;
}

std::string ProgramToBytes(const PartnerProgram& program) {
  v1::PartnerProgram content;
  PutContent(program, &content);
  return content.SerializeAsString();
}

absl::StatusOr<PartnerProgram> ProgramFromBytes(std::string_view bytes) {
  v1::PartnerProgram content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "a stored partner program cannot be read");
  }
  return FromProto(content);
}

events::EventDraft Told(std::string_view verb, const PartnerProgram& program) {
  return events::Draft(program.name(), verb, program.name(), ToProto(program));
}

}  // namespace tributary::partner
