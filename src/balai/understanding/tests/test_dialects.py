"""Javanese outside the court towns is Javanese: sentences of ours that no head was trained on."""

from balai.understanding import corpora
from balai.understanding.reading import read

SAID = """
ngapak: inyong kesel ngantri ket mau esuk urung dilayani bae
ngapak: kepriben kiye banyu pame ora mili wis rong dina
ngapak: rika weruh ora kantor kecamatan pindah maring endi
ngapak: dalane bodol kabeh nang Bumiayu, tulung lah didandani
ngapak: aja maning maning janji tok, rakyat wis bosen koh
ngapak: deneng bantuane ora nyampe maring umahe nyong
ngapak: lah nyong kudu lapor maring sapa maning kiye
ngapak: sampahe kaet wingi urung dijukut mambune temenan
ngapak: bocah bocah sekolahe pada prei goli banjir
ngapak: suwun ya pak, lampune wis murub maning
ngapak: kowen kabeh aja pada ngapusi rakyat cilik
ngapak: regane lenga larang pisan, wong cilik tambah kelara lara
arekan: yok opo se rek banyu PDAM mati gak onok kabare
arekan: aku wes lapor bolak balik tapi gak direken blas
arekan: koen ngerti ta nang endi ngurus KK saiki
arekan: dalan nang ngarep omahku jeglong kabeh cak
arekan: arek arek sekolah gak iso liwat mergo banjir
arekan: suwun yo cak pegawene apik apik kabeh
arekan: lapo se kok suwe pol antri nang puskesmas
arekan: maeng bengi onok kebakaran nang cedhek pasar
arekan: ojok janji thok, wong cilik wes kesel
arekan: sopo sing tanggung jawab lek ngene iki
arekan: mosok kabel melorot gak ono sing mbenakno
arekan: regane lombok larang pol rek, yok opo iki
ngoko: piye iki pak kok banyune durung mili
ngoko: aku wis ngenteni suwe nanging ora ono kabar
ngoko: matur nuwun dalane saiki wis alus
ngoko: wong cilik kok mung dijanjeni wae
ngoko: ojo mung omong thok gek ndang ditandangi
ngoko: sesuk kantore bukak jam piro yo
"""
SENTENCES = [line.partition(": ")[2] for line in SAID.strip().splitlines()]


def test_at_least_seventeen_of_twenty_sentences_of_dialect_are_heard_as_javanese():
    heard = [one.language.value for one in read(SENTENCES)]
    wrong = [said for said, spoken in zip(SENTENCES, heard, strict=True) if spoken != "jav"]
    assert len(wrong) <= 0.15 * len(SENTENCES), wrong


def test_no_sentence_was_trained_on():
    assert not {said for _, said in corpora.javanese()} & set(SENTENCES)
