"""Wordings of registers that no vocabulary at hand has as a name, each looked up by hand: the same, not a near one.

MONDO's own synonyms are not among the sources; this table stands in for those of them that registers print often.
"""

WORDINGS: dict[str, tuple[str, ...]] = {
    "DOID:4378": ("Peanut Hypersensitivity",),
    "MONDO:0000607": ("cutaneous T-cell lymphoma",),
    "MONDO:0001586": ("mucopolysaccharidosis I", "MPS I"),
    "MONDO:0002041": ("Mycoses",),
    "MONDO:0004375": ("Kidney Failure, Chronic", "end-stage kidney disease"),
    "MONDO:0004609": ("herpes simplex virus infection", "herpes simplex infection"),
    "MONDO:0004651": ("human smallpox disease", "smallpox disease"),
    "MONDO:0004691": ("Polycystic Kidney, Autosomal Dominant",),
    "MONDO:0004736": ("Amino Acid Metabolism, Inborn Errors",),
    "MONDO:0004739": ("Urea Cycle Disorders, Inborn",),
    "MONDO:0004975": ("dementia of the Alzheimer type", "Alzheimer's dementia", "Alzheimer's type dementia"),
    "MONDO:0004979": ("bronchial asthma",),
    "MONDO:0005095": ("Spondylarthropathies",),
    "MONDO:0005109": (
        "HIV-1 infection",
        "human immunodeficiency virus infection",
        "human immunodeficiency virus type 1 infection",
        "human immunodeficiency virus-1 infection",
        "human immunodeficiency virus (HIV) infection",
    ),
    "MONDO:0005114": ("pneumococcal disease",),
    "MONDO:0005132": ("cytomegalovirus disease",),
    "MONDO:0005147": ("type 1 diabetes",),
    "MONDO:0005148": ("type 2 diabetes", "Type2 Diabetes", "non-insulin-dependent diabetes mellitus"),
    "MONDO:0005180": ("idiopathic Parkinson's disease",),
    "MONDO:0005231": ("HCV infection",),
    "MONDO:0005303": ("Substance-Related Disorders",),
    "MONDO:0005342": ("primary IgA nephropathy",),
    "MONDO:0005354": ("chronic hepatitis C", "chronic hepatitis C infection", "chronic HCV infection"),
    "MONDO:0005366": ("chronic hepatitis B", "chronic hepatitis B infection", "chronic HBV infection"),
    "MONDO:0005373": ("meningococcal disease",),
    "MONDO:0005382": ("Osteitis Deformans", "Paget's disease of the bone"),
    "MONDO:0005417": ("neovascular age-related macular degeneration", "wet age-related macular degeneration"),
    "MONDO:0005494": ("Triple Negative Breast Neoplasms",),
    "MONDO:0005502": ("Dengue",),
    "MONDO:0005530": ("opioid dependence", "opioid addiction"),
    "MONDO:0005700": ("varicella",),
    "MONDO:0005812": ("Influenza, Human", "influenza A or B virus infection", "influenza virus infection"),
    "MONDO:0005823": ("Legionella infection", "genus Legionella infection"),
    "MONDO:0005866": ("Mycobacterium avium complex infection",),
    "MONDO:0006733": ("dry eye", "dry eye disease"),
    "MONDO:0006781": ("Helicobacter pylori infection",),
    "MONDO:0007186": ("Gastroesophageal Reflux",),
    "MONDO:0007743": ("Attention Deficit Disorder with Hyperactivity", "attention deficit hyperactivity disorder"),
    "MONDO:0007488": ("Lewy Body Disease", "dementia with Lewy bodies"),
    "MONDO:0008310": ("Hutchinson-Gilford progeria",),
    "MONDO:0008538": ("Giant Cell Arteritis",),
    "MONDO:0008558": (
        "Purpura, Thrombocytopenic, Idiopathic",
        "idiopathic thrombocytopenic purpura",
        "chronic idiopathic thrombocytopenic purpura",
        "immune thrombocytopenia",
        "chronic immune thrombocytopenia",
        "immune thrombocytopenic purpura",
        "chronic immune thrombocytopenic purpura",
    ),
    "MONDO:0008919": ("primary systemic carnitine deficiency",),
    "MONDO:0009061": ("mucoviscidosis",),
    "MONDO:0009215": ("Fanconi anaemia type A",),
    "MONDO:0009265": ("type 1 Gaucher disease", "Gaucher disease type 1"),
    "MONDO:0009267": ("type 3 Gaucher disease",),
    "MONDO:0009290": ("Pompe disease",),
    "MONDO:0009293": ("McArdle's disease",),
    "MONDO:0009376": ("Carbamoyl-Phosphate Synthase I Deficiency Disease", "carbamoyl-phosphate synthase-1 deficiency"),
    "MONDO:0009377": ("N-acetylglutamate synthetase deficiency",),
    "MONDO:0009662": ("mucopolysaccharidosis VII", "MPS VII", "Sly syndrome"),
    "MONDO:0009661": ("mucopolysaccharidosis VI", "MPS VI"),
    "MONDO:0009659": ("mucopolysaccharidosis IVA", "MPS IVA"),
    "MONDO:0009655": ("mucopolysaccharidosis IIIA",),
    "MONDO:0009692": ("chronic idiopathic myelofibrosis",),
    "MONDO:0010161": ("hereditary tyrosinemia type 1",),
    "MONDO:0010619": ("X-linked hypophosphatemia",),
    "MONDO:0010674": ("mucopolysaccharidosis II", "MPS II"),
    "MONDO:0010703": ("ornithine transcarbamylase deficiency",),
    "MONDO:0010735": ("X-linked spinal and bulbar muscular atrophy",),
    "MONDO:0010811": ("Prostatic Hyperplasia",),
    "MONDO:0011429": ("Arthritis, Juvenile Rheumatoid", "juvenile rheumatoid arthritis"),
    "MONDO:0011934": ("Dermatofibrosarcoma",),
    "MONDO:0012105": ("Wegener Granulomatosis",),
    "MONDO:0012173": ("long-chain 3-hydroxyacyl-coenzyme A dehydrogenase deficiency",),
    "MONDO:0012727": ("Mucocutaneous Lymph Node Syndrome",),
    "MONDO:0013282": ("congenital alpha-1 antitrypsin deficiency",),
    "MONDO:0013730": ("Graft vs Host Disease",),
    "MONDO:0015564": ("Giant Lymph Node Hyperplasia",),
    "MONDO:0015686": ("primary peritoneal cancer",),
    "MONDO:0016595": ("inhalation anthrax disease",),
    "MONDO:0018364": ("epithelial ovarian cancer", "ovarian epithelial cancer"),
    "MONDO:0018634": ("Amyloidosis, Familial",),
    "MONDO:0019052": ("Metabolism, Inborn Errors",),
    "MONDO:0019088": ("post-transplantation lymphoproliferative disorder",),
    "MONDO:0019121": ("Pneumocystis carinii pneumonia", "Pneumocystis jirovecii pneumonia"),
    "MONDO:0019210": ("Merkel cell carcinoma",),
    "MONDO:0019438": ("systemic AL amyloidosis", "light chain amyloidosis", "systemic light chain amyloidosis"),
    "MONDO:0020076": ("Myeloproliferative Disorders",),
    "MONDO:0021085": ("Stomach Neoplasms",),
    "MONDO:0021113": ("Respiratory Insufficiency",),
    "MONDO:0021187": ("hyperlipemia",),
    "MONDO:0021360": ("Parathyroid Neoplasms",),
    "MONDO:0024574": ("von Willebrand disease",),
    "MONDO:0100096": ("COVID-19 virus infection", "SARS-CoV-2 infection", "coronavirus disease 2019"),
    "MONDO:0100244": ("Hemoglobinuria, Paroxysmal",),
    "MONDO:0850353": ("Prostatic Neoplasms, Castration-Resistant", "castration-resistant prostate cancer"),
    "ONCOTREE:ETMF": ("post-essential thrombocythemia myelofibrosis",),
    "ONCOTREE:PVMF": ("post-polycythemia vera myelofibrosis",),
}
"""Id of a concept -> wordings, compared by `condition_words.spelled`. They go before the names of vocabularies."""

REFUSED = frozenset(
    " ".join(
        """
        acute hepatic porphyria | alopecia universalis | bone tissue neoplasm | bronchospasm | cataplexy | eczema |
        erythropoietic porphyria | glanzmann thrombasthenia | hypogammaglobulinemia | lymphoblastic leukemia |
        neoplasms, bone tissue | spinocerebellar ataxia | uric acid nephrolithiasis | urologic neoplasms
        """.split()
    ).split(" | ")
)
"""Names, in lower case, that a vocabulary has for a concept that registers do not mean by them."""

REFUSED_PAIRS = frozenset({("MONDO:0004180", "mesh:D014571")})
"""Mappings that are not followed: benign urinary system neoplasm is not Urologic Neoplasms."""

NO_CONDITIONS = frozenset(
    " ".join(
        """
        Alcohol Drinking | Atrophy | Behavior, Addictive | Behavioral Symptoms | Body Weight | Carcinogenesis | Cell
        Transformation, Neoplastic | Chemically-Induced Disorders | Chronic Disease | Compulsive Behavior |
        Constriction, Pathologic | Disease | Disease Attributes | Drinking Behavior | Embolism and Thrombosis | Female
        Urogenital Diseases and Pregnancy Complications | Fibrosis | Genomic Instability | Impulsive Behavior |
        Inflammation | Microsatellite Instability | Neoplasms by Histologic Type | Neoplasms by Site | Neoplasms, Germ
        Cell and Embryonal | Neoplasms, Nerve Tissue | Neoplastic Processes | Neurobehavioral Manifestations |
        Neurologic Manifestations | Neuromuscular Manifestations | Pathologic Processes | Pathological Conditions,
        Anatomical | Prolapse | Recurrence | Sclerosis | Signs and Symptoms | Signs and Symptoms, Digestive |
        Suppuration | Urological Manifestations
        """.split()
    ).split(" | ")
)
"""MeSH headings that ClinicalTrials.gov prints with conditions and that name an aspect, a process or a chapter."""
