"""XMP packets, each function named after the hiding place that it fills."""

from __future__ import annotations

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "GDepth": "http://ns.google.com/photos/1.0/depthmap/",
    "GCamera": "http://ns.google.com/photos/1.0/camera/",
    "Container": "http://ns.google.com/photos/1.0/container/",
    "Item": "http://ns.google.com/photos/1.0/container/item/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "dcterms": "http://purl.org/dc/terms/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "drone-dji": "http://www.dji.com/drone-dji/1.0/",
    "drone-parrot": "http://www.parrot.com/drone-parrot/1.0/",
    "cc": "http://creativecommons.org/ns#",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "mediapro": "http://ns.iview-multimedia.com/mediapro/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "xmpDM": "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
    "xmpGImg": "http://ns.adobe.com/xap/1.0/g/img/",
}


def packet(attributes: str = "", elements: str = "") -> bytes:
    """Wrap attributes and elements of one rdf:Description into a whole packet."""
    names = " ".join(f'xmlns:{key}="{value}"' for key, value in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names} {attributes}>{elements}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def sequence(name: str, *items: str) -> str:
    inside = "".join(f"<rdf:li>{item}</rdf:li>" for item in items)
    return f"<{name}><rdf:Seq>{inside}</rdf:Seq></{name}>"


def a_place_as_attributes() -> bytes:
    return packet(
        'exif:GPSLatitude="38,43.356N" exif:GPSLongitude="9,8,21.12W" exif:GPSAltitude="25/1"'
    )


def a_place_as_elements() -> bytes:
    return packet(
        elements="<exif:GPSLatitude>38,43.356N</exif:GPSLatitude>"
        "<exif:GPSLongitude>9,8,21.12W</exif:GPSLongitude>"
    )


def people_by_name() -> bytes:
    regions = (
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>'
        '<rdf:li><rdf:Description mwg-rs:Name="Ada" mwg-rs:Type="Face"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Grace</mwg-rs:Name></rdf:li>'
        "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    microsoft = (
        '<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>'
        '<rdf:li MPReg:PersonDisplayName="Edith" MPReg:Rectangle="0.1, 0.1, 0.2, 0.2"/>'
        "</rdf:Bag></MPRI:Regions></MP:RegionInfo>"
    )
    return packet(elements=regions + microsoft + sequence("Iptc4xmpExt:PersonInImage", "Mary"))


def editing_history() -> bytes:
    steps = "".join(
        f'<rdf:li stEvt:action="{action}" stEvt:softwareAgent="Adobe Photoshop 25.0" '
        f'stEvt:when="2025-04-0{n}T10:00:00+01:00"/>'
        for n, action in enumerate(("created", "converted", "saved"), 1)
    )
    return packet(
        'xmpMM:DocumentID="xmp.did:AAAA" xmpMM:InstanceID="xmp.iid:BBBB"',
        f"<xmpMM:History><rdf:Seq>{steps}</rdf:Seq></xmpMM:History>"
        '<xmpMM:DerivedFrom stRef:documentID="xmp.did:CCCC"/>',
    )


def an_ultra_hdr_motion_photo() -> bytes:
    items = "".join(
        f'<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="x" Item:Semantic="{what}"/></rdf:li>'
        for what in ("Primary", "GainMap", "MotionPhoto")
    )
    return packet(
        'GCamera:MotionPhoto="1" hdrgm:Version="1.0"',
        f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>",
    )
