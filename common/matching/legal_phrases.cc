#include "common/matching/legal_phrases.h"

#include <algorithm>
#include <unordered_set>

#include "common/matching/folding.h"

namespace tributary::matching {
namespace {

using Forms = std::unordered_set<std::u16string>;

// Legal forms are also phrases, too many to be listed: "coöperatieve vennootschap met beperkte aansprakelijkheid". A
// run of these words with a head among them is one.
constexpr std::string_view kHeads =
    "gesellschaft genossenschaft kommanditgesellschaft aktiengesellschaft handelsgesellschaft interessenvereinigung "
    "vennootschap samenwerkingsverband waarborgmaatschappij société groupement sociedad compañía cooperativa "
    "agrupación "
    "sociedade companhia società selskap selskab bolag förening spółka spółdzielnia przedsiębiorstwo společnost "
    "spoločnosť "
    "družstvo podnik társaság részvénytársaság szövetkezet vállalat societate regie društvo družba zadruga preduzeće "
    "sabiedrība bendrovė bendrija ühing общество товарищество предприятие кооператив партнерство товариство "
    "підприємство "
    "дружество друштво εταιρεία εταιρία şirketi şirket kooperatifi cəmiyyəti cəmiyyət ortaqlıq company corporation "
    "partnership";
constexpr std::string_view kQualifiers =
    "beschränkter unbeschränkter haftung aktien bürgerlichen öffentlichen rechts recht sozialer zielsetzung "
    "eingetragene "
    "gemeinnützige offene stille einfache europäische wirtschaftliche berufshaftung erwerbs "
    "besloten naamloze beperkte onbeperkte aansprakelijkheid sociaal oogmerk publiek commanditaire gewone aandelen "
    "vorm "
    "firma burgerlijke coöperatieve economisch europees europese eenpersoons uitgesloten buitenlands onderlinge "
    "anonyme responsabilité limitée illimitée actions simplifiée unipersonnelle commandite simple nom collectif "
    "coopérative civile immobilière professionnelle droit privé public intérêt économique conseil administration "
    "directoire capital variable participation ouvrière publique européenne mixte économie finalité sociale "
    "anónima limitada responsabilidad ilimitada comandita comanditaria acciones colectiva cerrada abierta laboral "
    "profesional unipersonal civil interés económico individual simplificada bursátil promotora inversión mixta "
    "economía "
    "anônima quotas unipessoal nome coletivo colectivo responsabilidade simples ações acções "
    "azioni responsabilità limitata illimitata semplificata collettivo accomandita semplice consortile unipersonale "
    "begränset begrænset begrenset ansvar publikt privat ekonomisk økonomisk delt ansvarlig "
    "ograniczoną nieograniczoną odpowiedzialnością akcyjna jawna komandytowa komandytowo partnerska cywilna europejska "
    "prosta państwowe ručením omezeným obmedzeným akciová komanditní komanditná veřejná verejná obchodní obchodná "
    "akcie "
    "jednoduchá státní štátny evropská európska korlátolt felelősségű zártkörűen nyilvánosan működő betéti közkereseti "
    "európai nonprofit acțiuni răspundere limitată nume colectiv comandită simplă europeană "
    "ograničenom odgovornošću omejeno neomejeno odgovornostjo dioničko delniška akcionarsko komanditno komanditna "
    "javno "
    "trgovačko ortačko jednostavno ierobežotu atbildību akciju pilna uždaroji akcinė komanditinė tikroji ūkinė "
    "ограниченной дополнительной ответственностью акционерное публичное открытое закрытое непубличное полное "
    "коммандитное государственное муниципальное унитарное казенное частное производственный потребительский "
    "обмеженою додатковою відповідальністю акціонерне публічне приватне повне командитне державне комунальне "
    "ограничена отговорност еднолично акционерно събирателно командитно акции ограниченом одговорношћу акционарско "
    "ανώνυμη περιορισμένης ευθύνης ομόρρυθμη ετερόρρυθμη ιδιωτική κεφαλαιουχική μονοπρόσωπη μετοχές "
    "anonim limited kollektif komandit sermayesi paylara bölünmüş açıq qapalı səhmdar məhdud məsuliyyətli əlavə tam "
    "unlimited liability limited shares guarantee joint stock protected segregated cell portfolio exempted restricted "
    "closed open incorporated professional proprietary";
// Only between others.
constexpr std::string_view kBetween =
    "mit auf des der met een van op onder à par en de d du del y por per in di e a i z s sa na pe cu ar с з κατά med "
    "og "
    "with without by having";

Forms ReadWords(std::string_view words) {
  Forms forms;
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    if (end > 0) forms.insert(Letters(Fold(words.substr(0, end))));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return forms;
}

enum class Part { kNone, kHead, kQualifier, kBetween };
Part PartOf(const std::u16string& word) {
  static const auto* const heads = new Forms(ReadWords(kHeads));
  static const auto* const qualifiers = new Forms(ReadWords(kQualifiers));
  static const auto* const between = new Forms(ReadWords(kBetween));
  const bool plain = std::all_of(word.begin(), word.end(), [](char16_t c) { return c < 0x80; });
  const std::u16string bare = plain ? word : Letters(Fold(Utf8(word)));
  return heads->contains(bare)        ? Part::kHead
         : qualifiers->contains(bare) ? Part::kQualifier
         : between->contains(bare)    ? Part::kBetween
                                      : Part::kNone;
}

}  // namespace

std::u16string Letters(std::u16string_view folded) {
  std::u16string bare;
  for (const char16_t c : folded) {
    if (IsWordPart(c)) bare += c;
  }
  return bare;
}

size_t LegalPhrase(std::span<const std::u16string> words, bool at_end) {
  bool head = false;
  size_t phrase = 0;
  for (size_t n = 1; n <= words.size(); ++n) {
    const Part part = PartOf(at_end ? words[words.size() - n] : words[n - 1]);
    if (part == Part::kNone) break;
    // Neither end of it is a word that only stands between.
    if (part == Part::kBetween) {
      if (n == 1) break;
      continue;
    }
    head |= part == Part::kHead;
    if (!at_end && !head) break;
    if (head && n >= 2) phrase = n;
  }
  return phrase;
}

}  // namespace tributary::matching
