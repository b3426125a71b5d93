"""The fields of a list of people, and what they may be called by whoever made it."""

from typing import Final

from glede.people.lists.columns import Words

FIELDS: Final[Words] = {
    "id": (
        "id", "kundenr", "kundenummer", "kundeid", "customerid", "customerno", "customernumber", "clientid",
        "patientid", "patientno", "patientnumber", "pasientnr", "pasientnummer", "pasientid", "personid", "uniqueid",
        "recid", "externalid", "medlemsnr",
    ),
    "given_name": ("first", "firstname", "given", "forename", "fornavn", "fornamn"),
    "family_name": ("last", "lastname", "surname", "family", "etternavn", "efternavn", "slektsnavn"),
    "full_name": ("name", "navn", "fulltnavn", "kundenavn", "pasientnavn", "patientname", "customername", "person"),
    "birth_date": (
        "birthdate", "dateofbirth", "dob", "birthday", "born", "fodselsdato", "fodt", "fdato", "fodselsdag",
    ),
    "phone": (
        "phone", "phonenumber", "mobile", "mobilephone", "mobil", "mobilnr", "mobilnummer", "mobiltelefon", "cell",
        "cellphone", "telefon", "telefonnummer", "tlf", "tlfnr", "tel", "telephone", "contactphonenumber",
    ),
    "phone_2": (
        "phone2", "telefon2", "tlf2", "mobil2", "homephone", "phonehome", "workphone", "telefonprivat", "tlfprivat",
        "telefonarbeid", "tlfarbeid", "telefon", "phone", "tlf", "tel", "telephone",
    ),
    "email": ("email", "emailaddress", "epost", "epostadresse", "mail", "mailadresse"),
    "email_2": ("email2", "epost2", "mail2"),
    "street_number": ("streetnumber", "streetno", "housenumber", "houseno", "husnummer", "husnr"),
    "address": ("address", "adresse", "street", "streetaddress", "gate", "gateadresse", "postadresse", "address1"),
    "address_2": ("address2", "adresse2", "addressline2", "adresselinje2", "coadresse"),
    "postcode": ("postcode", "zip", "zipcode", "postalcode", "postnr", "postnummer"),
    "city": ("city", "town", "poststed", "by", "sted", "suburb", "locality"),
    "language": ("language", "lang", "sprak", "malform"),
    "channel": ("channel", "preferredchannel", "contactmethod", "kanal", "kontaktmate", "onsketkanal"),
    "no_sms": ("ikkesms", "smsoptout", "optoutsms", "reservertsms", "smsreservert", "donottext", "stopsms"),
    "no_email": (
        "ikkeepost", "ikkeemail", "ikkemail", "emailoptout", "optoutemail", "reservertepost", "donotemail", "stopemail",
    ),
    "no_marketing": (
        "ikkemarkedsforing", "ikkereklame", "reservert", "reservertmarkedsforing", "reservertreklame",
        "marketingoptout", "optoutmarketing", "optout", "donotmarket",
    ),
    "sms_ok": (
        "smssamtykke", "samtykkesms", "samtykketilsms", "smsok", "smsjanei", "smstillatt", "tillatsms", "tillatersms",
        "kansms", "onskersms", "mottasms", "mottarsms", "smsoptin", "optinsms", "smsconsent", "consentsms", "allowsms",
        "smsallowed", "acceptssms",
    ),
    "email_ok": (
        "epostsamtykke", "samtykkeepost", "samtykketilepost", "epostok", "tillatepost", "tillaterepost", "onskerepost",
        "mottaepost", "mottarepost", "emailoptin", "optinemail", "emailconsent", "consentemail", "allowemail",
        "emailallowed", "acceptsemail",
    ),
    "marketing_ok": (
        "markedsforingssamtykke", "samtykkemarkedsforing", "samtykkereklame", "samtykketilmarkedsforing",
        "samtykketilreklame", "tillatmarkedsforing", "onskernyhetsbrev", "nyhetsbrev", "newsletter", "marketingoptin",
        "optinmarketing", "marketingconsent", "consentmarketing", "allowmarketing", "acceptsmarketing",
    ),
    "deceased": ("deceasedon", "deathdate", "dateofdeath", "dead", "died", "dod", "avdod", "dodsdato"),
    "guardian_id": ("guardian", "foresatt", "foresattid", "foresattnr", "verge"),
    "last_visit": ("sistebesok", "sistetime", "lastvisitdate"),
    "recall_on": ("recall", "recalldate", "innkalling", "innkallingsdato", "nestekontroll", "nextrecall"),
    "notes": ("note", "notat", "notater", "comment", "comments", "kommentar", "merknad", "merknader"),
}  # fmt: skip
"""What a field may be called by whoever made the list; its own name needs no mention."""

NOT_KEPT = ("last_visit", "recall_on")
"""Understood, but there is no place for them yet."""
