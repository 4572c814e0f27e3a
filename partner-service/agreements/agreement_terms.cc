#include "partner-service/agreements/agreement_terms.h"

#include "common/text/text.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// What a language says in a place.
struct Words {
  std::string_view english;
  std::string_view chinese;
};

class Writer {
 public:
  Writer(const AgreementHead& head, const AgreementTerms& terms, AgreementLanguage language)
      : head_(head), terms_(terms), chinese_(language == AgreementLanguage::kChinese) {}

  std::string Write() {
    text_ = StrCat(head_.title, "\n");
    Parties();
    Prices();
    Programs();
    Clauses({"After-sales duties", "售后义务"}, terms_.after_sales_duties,
            {"The partner has no duties after the sale.", "合作伙伴不承担售后义务。"});
    Territory();
    Clauses({"Rights", "权利"}, terms_.rights,
            {"The partner has no rights beside those above.", "除上述约定外，合作伙伴无其他权利。"});
    Clause({"Breach", "违约责任"}, terms_.breach, {"The law applies.", "适用法律规定。"});
    Clause({"Disputes", "争议解决"}, terms_.disputes, {"The law applies.", "适用法律规定。"});
    Termination();
    return std::move(text_);
  }

 private:
  std::string_view In(Words words) const { return chinese_ ? words.chinese : words.english; }
  void Heading(Words words) { StrAppend(&text_, "\n", ++number_, chinese_ ? "、" : ". ", In(words), "\n"); }
  void Sentence(std::string_view sentence) { StrAppend(&text_, sentence, "\n"); }
  std::string List(const std::vector<std::string>& names) const { return StrJoin(names, In({", ", "、"})); }

  void Parties() {
    Heading({"Parties and term", "双方与期限"});
    const bool open = head_.effective.end == OpenEnd();
    const std::string from = head_.effective.start.ToString(), to = head_.effective.end.ToString();
    if (chinese_) {
      Sentence(StrCat("本协议由供应商与", head_.party, "（", head_.partner, "）订立，自", from, "起生效，",
                      open ? "不设终止日。" : StrCat("至", to, "（不含该日）止。")));
    } else {
      Sentence(StrCat("This agreement is between the vendor and ", head_.party, " (", head_.partner,
                      "). It is in force from ", from, open ? " on." : StrCat(" until before ", to, ".")));
    }
  }

  void Prices() {
    Heading({"Prices", "价格"});
    if (terms_.price_list.empty()) {
      Sentence(In({"Prices are those of each order.", "价格以各订单为准。"}));
    } else {
      Sentence(StrCat(In({"Prices are those of ", "价格以"}), terms_.price_list, In({".", "为准。"})));
    }
  }

  void Programs() {
    Heading({"Programs", "激励方案"});
    if (terms_.programs.empty()) {
      Sentence(In({"The partner takes part in no program.", "合作伙伴不参加激励方案。"}));
    } else {
      Sentence(StrCat(In({"The partner takes part in ", "合作伙伴参加"}), List(terms_.programs), In({".", "。"})));
    }
  }

  void Territory() {
    Heading({"Territory", "区域与排他性"});
    if (terms_.regions.empty()) {
      Sentence(In({"No territory is agreed on.", "本协议不约定区域。"}));
      return;
    }
    Sentence(StrCat(
        In({"The partner may sell ", "合作伙伴可在"}),
        chinese_                       ? List(terms_.regions)
        : terms_.product_lines.empty() ? "every product line"
                                       : List(terms_.product_lines),
        In({" in ", "销售"}),
        chinese_ ? terms_.product_lines.empty() ? "全部产品线" : List(terms_.product_lines) : List(terms_.regions),
        In({". ", "。"}), In(ExclusivityWords())));
  }

  Words ExclusivityWords() const {
    switch (terms_.exclusivity.value_or(Exclusivity::kNonExclusive)) {
      case Exclusivity::kExclusive:
        return {"Nobody else is granted this.", "供应商不再授予他人。"};
      case Exclusivity::kNonExclusive:
        return {"Others may be granted the same.", "供应商可同时授予他人。"};
      case Exclusivity::kHelper:
        return {"It helps the holder of another grant.", "合作伙伴协助另一获授方。"};
    }
    return {};
  }

  void Clauses(Words heading, const std::vector<std::string>& clauses, Words none) {
    Heading(heading);
    if (clauses.empty()) Sentence(In(none));
    for (size_t i = 0; i < clauses.size(); ++i) {
      Sentence(StrCat(number_, ".", i + 1, chinese_ ? "　" : " ", clauses[i]));
    }
  }

  void Clause(Words heading, std::string_view clause, Words none) {
    Heading(heading);
    Sentence(clause.empty() ? In(none) : clause);
  }

  void Termination() {
    Heading({"Termination", "终止"});
    if (terms_.termination_notice_days == 0) {
      Sentence(In({"This agreement may be ended on any day by notice.", "本协议可随时经通知终止。"}));
    } else {
      Sentence(StrCat(In({"This agreement may be ended by a notice of ", "本协议可提前"}),
                      terms_.termination_notice_days, In({" days.", "天通知终止。"})));
    }
  }

  const AgreementHead& head_;
  const AgreementTerms& terms_;
  const bool chinese_;
  int number_ = 0;
  std::string text_;
};

}  // namespace

void CheckTerms(const AgreementTerms& terms, std::string_view field, std::vector<FieldViolation>* violations) {
  const auto below = [field](std::string_view name) { return StrCat(field, ".", name); };
  if (!terms.price_list.empty()) {
    CheckName(below("price_list"), "priceLists/{price_list}", terms.price_list, violations);
  }
  CheckNames(below("programs"), "programs/{program}", terms.programs, violations);
  CheckNames(below("regions"), "regions/{region}", terms.regions, violations);
  CheckNames(below("product_lines"), "productLines/{product_line}", terms.product_lines, violations);
  CheckDistinct(below("programs"), terms.programs, violations);
  CheckDistinct(below("regions"), terms.regions, violations);
  CheckDistinct(below("product_lines"), terms.product_lines, violations);
  for (const auto& [name, clauses] :
       {std::pair("after_sales_duties", &terms.after_sales_duties), std::pair("rights", &terms.rights)}) {
    for (size_t i = 0; i < clauses->size(); ++i) {
      CheckOneLine(StrCat(below(name), "[", i, "]"), (*clauses)[i], violations);
    }
  }
  CheckOneLine(below("breach"), terms.breach, violations);
  CheckOneLine(below("disputes"), terms.disputes, violations);
  if (terms.regions.empty() && (terms.exclusivity.has_value() || !terms.product_lines.empty())) {
    violations->push_back({below("regions"), "", "the regions that exclusivity and product lines are about"});
  } else if (!terms.regions.empty() && !terms.exclusivity.has_value()) {
    violations->push_back({below("exclusivity"), "EXCLUSIVITY_UNSPECIFIED", "whether others may sell there too"});
  }
}

std::string WriteText(const AgreementHead& head, const AgreementTerms& terms, AgreementLanguage language) {
  return Writer(head, terms, language).Write();
}

}  // namespace tributary::partner
